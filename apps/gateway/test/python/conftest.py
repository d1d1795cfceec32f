"""Starts gateways for the tests: each a Node process with a simulated Moonshot behind it."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# LiteLLM would otherwise fetch its price list from the network when it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

# Keys of the machine's user must not answer for those of the tests.
for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "PORTKEY_API_KEY", "PORTKEY_BASE_URL", "MOONSHOT_API_KEY", "MOONSHOT_API_BASE"):
    os.environ.pop(name, None)

_START_GATEWAY = Path(__file__).with_name("start-gateway.ts")


@dataclass(frozen=True)
class Gateway:
    """One gateway, and what its provider has seen."""

    url: str
    simulator_url: str
    master_key: str
    operator_key: str
    caller_key: str
    virtual_key: str
    _process: subprocess.Popen[str]

    def requests(self) -> list[dict[str, Any]]:
        """Every request that reached the provider, in the order of arrival."""
        self._process.stdin.write("requests\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def provider_keys(self) -> list[str | None]:
        return [request["headers"].get("authorization") for request in self.requests()]

    def wait_for_client_abort(self, timeout_seconds: float = 3) -> None:
        """Returns once the provider has seen its client leave."""
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            if "clientAbortedAtMs" in self.requests()[0]["answer"]:
                return
            time.sleep(0.02)
        raise AssertionError("the provider was left working for nobody")


@contextmanager
def _running_gateway(simulator_options: dict[str, Any]) -> Iterator[Gateway]:
    node = os.environ.get("PERILUNE_NODE", "node")
    command = [node, "--conditions=@perilune/source", str(_START_GATEWAY), json.dumps(simulator_options)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        assert line, "the gateway did not start; its complaint is above"
        facts = json.loads(line)
        yield Gateway(
            url=facts["url"],
            simulator_url=facts["simulatorUrl"],
            master_key=facts["masterKey"],
            operator_key=facts["operatorKey"],
            caller_key=facts["callerKey"],
            virtual_key=facts["virtualKey"],
            _process=process,
        )
        process.stdin.close()
        assert process.wait(timeout=10) == 0


@pytest.fixture(scope="session")
def shared_gateway() -> Iterator[Gateway]:
    """For tests that do not look at what the provider saw."""
    with _running_gateway({}) as gateway:
        yield gateway


@pytest.fixture
def start_gateway() -> Iterator[Callable[..., Gateway]]:
    """Starts a gateway whose provider has these options; it ends with the test."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(_running_gateway(options))


@pytest.fixture
def gateway(start_gateway: Callable[..., Gateway]) -> Gateway:
    """A gateway nobody else asks."""
    return start_gateway()
