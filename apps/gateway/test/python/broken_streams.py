"""Ways in which a provider's stream stops before its end, as options of the simulator."""

import pytest


def _spoiled(ending: object) -> dict[str, object]:
    return {"faults": [{"stream": {"afterFrames": 6, "ending": ending}}]}


broken_streams = pytest.mark.parametrize(
    "options",
    [
        pytest.param(_spoiled("fin"), id="closed connection"),
        pytest.param(_spoiled("reset"), id="reset connection"),
        pytest.param(_spoiled("end"), id="end without DONE"),
        pytest.param(
            _spoiled({"status": 500, "type": "server_error", "message": "the engine broke"}),
            id="error in the stream",
        ),
    ],
)
