"""The openai package, as LiteLLM's page about Moonshot uses it."""

import asyncio
import json

import openai
import pytest
from broken_streams import broken_streams
from openai import AsyncOpenAI, OpenAI

HELLO = [{"role": "user", "content": "hello from litellm"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def client_of(gateway, api_key=None):
    return OpenAI(base_url=gateway.url, api_key=api_key or gateway.master_key)


def test_documented_non_streaming_and_streaming_say_the_same(shared_gateway, capsys):
    # Initialize client with your proxy URL
    client = OpenAI(
        base_url=shared_gateway.url,  # Your proxy URL
        api_key=shared_gateway.master_key,  # Your proxy API key
    )

    # Non-streaming response
    response = client.chat.completions.create(
        model="moonshot-v1-8k",
        messages=[{"role": "user", "content": "hello from litellm"}],
    )

    print(response.choices[0].message.content)
    whole = capsys.readouterr().out

    # Streaming response
    response = client.chat.completions.create(
        model="moonshot-v1-8k",
        messages=[{"role": "user", "content": "hello from litellm"}],
        stream=True,
    )

    for chunk in response:
        if chunk.choices[0].delta.content is not None:
            print(chunk.choices[0].delta.content, end="")

    assert "hello from litellm" in whole
    assert capsys.readouterr().out + "\n" == whole


def test_a_stream_has_one_finish_reason_and_no_usage_nobody_asked_for(shared_gateway):
    chunks = list(
        client_of(shared_gateway).chat.completions.create(model="moonshot-v1-8k", messages=HELLO, stream=True)
    )
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason] == ["stop"]
    assert [chunk.usage for chunk in chunks if chunk.usage] == []


def test_the_usage_of_a_stream_comes_last_when_it_is_asked_for(shared_gateway):
    client = client_of(shared_gateway)
    whole = client.chat.completions.create(model="moonshot-v1-8k", messages=HELLO)
    chunks = list(
        client.chat.completions.create(
            model="moonshot-v1-8k", messages=HELLO, stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[-1].choices == []
    assert chunks[-1].usage.total_tokens == whole.usage.total_tokens
    assert [chunk.usage for chunk in chunks[:-1] if chunk.usage] == []


def test_the_asynchronous_client_gets_reasoning_and_text(shared_gateway):
    async def ask():
        async with AsyncOpenAI(base_url=shared_gateway.url + "/v1", api_key=shared_gateway.master_key) as client:
            stream = await client.chat.completions.create(model="kimi-k3", messages=HELLO, stream=True)
            return [chunk.choices[0].delta async for chunk in stream]

    deltas = asyncio.run(ask())
    assert "hello from litellm" in "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas)
    assert "hello from litellm" in "".join(delta.content or "" for delta in deltas)


def test_a_tool_is_called_and_its_result_taken_back(shared_gateway):
    client = client_of(shared_gateway)
    messages = [{"role": "user", "content": "What is the weather in Beijing?"}]
    asked = client.chat.completions.create(model="kimi-k3", messages=messages, tools=[WEATHER]).choices[0]
    assert asked.finish_reason == "tool_calls"
    (call,) = asked.message.tool_calls
    assert json.loads(call.function.arguments) == {"city": "Beijing"}
    result = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    answer = client.chat.completions.create(
        model="kimi-k3", messages=[*messages, asked.message, result], tools=[WEATHER]
    )
    assert "get_weather answered: sunny" in answer.choices[0].message.content


def test_a_streamed_tool_call_is_put_together_by_the_sdk(shared_gateway):
    messages = [{"role": "user", "content": "What is the weather in Beijing?"}]
    with client_of(shared_gateway).chat.completions.stream(
        model="kimi-k2.6", messages=messages, tools=[WEATHER]
    ) as stream:
        answer = stream.get_final_completion().choices[0]
    assert [call.function.name for call in answer.message.tool_calls] == ["get_weather"]
    assert json.loads(answer.message.tool_calls[0].function.arguments) == {"city": "Beijing"}


def test_models_can_be_listed_and_looked_up(shared_gateway):
    client = client_of(shared_gateway)
    assert "moonshot/kimi-k3" in [model.id for model in client.models.list()]
    assert client.models.retrieve("moonshot/kimi-k3").owned_by == "moonshot"


def test_errors_are_typed(shared_gateway):
    def error(kind, api_key=None, **changes):
        with pytest.raises(kind) as raised:
            client_of(shared_gateway, api_key).chat.completions.create(
                **{"model": "moonshot-v1-8k", "messages": HELLO, **changes}
            )
        return raised.value

    assert error(openai.AuthenticationError, api_key="sk-wrong").code == "invalid_api_key"
    unknown = error(openai.NotFoundError, model="moonshot-v1-8kk")
    assert 'Did you mean "moonshot-v1-8k"' in unknown.message
    assert error(openai.BadRequestError, max_tokens=100_000).code == "context_length_exceeded"


def test_the_rate_limit_is_told_once(start_gateway):
    gateway = start_gateway(limits={"requestsPerMinute": 0})
    with pytest.raises(openai.RateLimitError):
        client_of(gateway).chat.completions.create(model="moonshot-v1-8k", messages=HELLO)
    assert len(gateway.requests()) == 1


@broken_streams
def test_a_broken_stream_raises(start_gateway, options):
    client = client_of(start_gateway(**options))
    texts = []
    with pytest.raises(openai.APIError):
        for chunk in client.chat.completions.create(model="moonshot-v1-8k", messages=HELLO, stream=True):
            texts.append(chunk.choices[0].delta.content)
            assert chunk.choices[0].finish_reason is None
    assert "".join(filter(None, texts)) != ""


def test_leaving_a_stream_ends_the_work_of_the_provider(start_gateway):
    gateway = start_gateway(tokenDelayMs=20)
    stream = client_of(gateway).chat.completions.create(
        model="moonshot-v1-8k", messages=[{"role": "user", "content": "Count to 500."}], stream=True
    )
    next(iter(stream))
    stream.close()
    gateway.wait_for_client_abort()
