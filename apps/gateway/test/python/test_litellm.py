"""The LiteLLM SDK, as LiteLLM's page about Moonshot uses it."""

import json

import litellm
import pytest
from broken_streams import broken_streams
from litellm import completion

HELLO = [{"role": "user", "content": "hello from litellm"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def ask(gateway, **changes):
    arguments = {
        "model": "litellm_proxy/moonshot-v1-8k",
        "messages": HELLO,
        "api_base": gateway.url,
        "api_key": gateway.master_key,
    }
    return litellm.completion(**{**arguments, **changes})


def text_of(chunks):
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks)


def test_documented_proxy_plain_and_streamed_say_the_same(shared_gateway, capsys):
    # Configure LiteLLM to use your proxy
    response = litellm.completion(
        model="litellm_proxy/moonshot-v1-8k",
        messages=[{"role": "user", "content": "hello from litellm"}],
        api_base=shared_gateway.url,
        api_key=shared_gateway.master_key,
    )

    print(response.choices[0].message.content)
    whole = capsys.readouterr().out

    # Configure LiteLLM to use your proxy with streaming
    response = litellm.completion(
        model="litellm_proxy/moonshot-v1-8k",
        messages=[{"role": "user", "content": "hello from litellm"}],
        api_base=shared_gateway.url,
        api_key=shared_gateway.master_key,
        stream=True,
    )

    for chunk in response:
        if hasattr(chunk.choices[0], "delta") and chunk.choices[0].delta.content is not None:
            print(chunk.choices[0].delta.content, end="")

    assert "hello from litellm" in whole
    assert capsys.readouterr().out + "\n" == whole


@pytest.mark.parametrize("behind", ["the simulator itself", "the gateway"])
def test_documented_direct_call(shared_gateway, monkeypatch, capsys, behind):
    url, key = {
        "the simulator itself": (shared_gateway.simulator_url, shared_gateway.operator_key),
        "the gateway": (shared_gateway.url, shared_gateway.master_key),
    }[behind]
    monkeypatch.setenv("MOONSHOT_API_BASE", url + "/v1")
    monkeypatch.setenv("MOONSHOT_API_KEY", key)

    messages = [{"content": "Hello, how are you?", "role": "user"}]

    # Moonshot call
    response = completion(
        model="moonshot/moonshot-v1-8k",
        messages=messages,
    )

    print(response)
    assert "Hello, how are you?" in response.choices[0].message.content
    assert "Hello, how are you?" in capsys.readouterr().out

    # Moonshot call with streaming
    chunks = completion(
        model="moonshot/moonshot-v1-8k",
        messages=messages,
        stream=True,
    )

    assert text_of(chunks) == response.choices[0].message.content


def test_the_usage_of_a_stream_is_there_when_it_is_asked_for(shared_gateway):
    chunks = list(ask(shared_gateway, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].usage.total_tokens == ask(shared_gateway).usage.total_tokens


def test_reasoning_and_a_tool_call_come_through_and_go_back(shared_gateway):
    messages = [{"role": "user", "content": "What is the weather in Beijing?"}]
    asked = ask(shared_gateway, model="litellm_proxy/kimi-k3", messages=messages, tools=[WEATHER]).choices[0]
    assert asked.finish_reason == "tool_calls"
    assert "get_weather" in asked.message.reasoning_content
    (call,) = asked.message.tool_calls
    assert json.loads(call.function.arguments) == {"city": "Beijing"}
    result = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    answer = ask(
        shared_gateway,
        model="litellm_proxy/kimi-k3",
        messages=[*messages, asked.message.model_dump(), result],
        tools=[WEATHER],
    )
    assert "get_weather answered: sunny" in answer.choices[0].message.content


def test_a_streamed_tool_call_is_put_together(shared_gateway):
    messages = [{"role": "user", "content": "What is the weather in Beijing?"}]
    chunks = list(
        ask(shared_gateway, model="litellm_proxy/kimi-k3", messages=messages, tools=[WEATHER], stream=True)
    )
    (call,) = litellm.stream_chunk_builder(chunks).choices[0].message.tool_calls
    assert (call.function.name, json.loads(call.function.arguments)) == ("get_weather", {"city": "Beijing"})


def test_fields_unknown_to_litellm_reach_the_provider_and_those_of_the_proxy_do_not(gateway):
    ask(gateway, model="litellm_proxy/kimi-k2.6", thinking={"type": "disabled"}, extra_body={"metadata": {"a": "b"}})
    (request,) = gateway.requests()
    assert request["json"]["thinking"] == {"type": "disabled"}
    assert "metadata" not in request["json"]


def test_the_models_of_the_gateway_are_found(shared_gateway, monkeypatch):
    monkeypatch.setenv("LITELLM_PROXY_API_BASE", shared_gateway.url)
    monkeypatch.setenv("LITELLM_PROXY_API_KEY", shared_gateway.master_key)
    models = litellm.get_valid_models(check_provider_endpoint=True, custom_llm_provider="litellm_proxy")
    assert "litellm_proxy/moonshot-v1-8k" in models


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        pytest.param({"api_key": "sk-wrong"}, litellm.AuthenticationError, id="wrong key"),
        pytest.param({"model": "litellm_proxy/nobody"}, litellm.NotFoundError, id="unknown model"),
        pytest.param({"max_tokens": 100_000}, litellm.ContextWindowExceededError, id="too long"),
        pytest.param({"temperature": -1}, litellm.BadRequestError, id="wrong value"),
        pytest.param(
            {"messages": [{"role": "user", "content": "[simulate high risk]"}]},
            litellm.ContentPolicyViolationError,
            id="content filter",
        ),
    ],
)
def test_errors_have_litellms_own_types(shared_gateway, changes, kind):
    with pytest.raises(kind) as raised:
        ask(shared_gateway, **changes)
    assert type(raised.value) is kind


def test_the_rate_limit_is_told_once(start_gateway):
    gateway = start_gateway(limits={"requestsPerMinute": 0})
    with pytest.raises(litellm.RateLimitError):
        ask(gateway)
    assert len(gateway.requests()) == 1


@pytest.mark.parametrize(
    ("status", "kind"), [(500, litellm.InternalServerError), (503, litellm.ServiceUnavailableError)]
)
def test_a_failure_of_the_provider_is_typed_and_not_repeated(start_gateway, status, kind):
    type_name = "server_error" if status == 500 else "server_unavailable"
    gateway = start_gateway(faults=[{"error": {"status": status, "type": type_name, "message": "down"}}])
    with pytest.raises(kind):
        ask(gateway)
    assert len(gateway.requests()) == 1


@broken_streams
def test_a_broken_stream_raises(start_gateway, options):
    gateway = start_gateway(**options)
    with pytest.raises(litellm.ServiceUnavailableError, match="litellm.(APIConnection|InternalServer)Error"):
        list(ask(gateway, stream=True))
