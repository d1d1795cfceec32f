"""The portkey_ai package, as Portkey's page about Moonshot uses it."""

import pytest
from broken_streams import broken_streams
from openai import OpenAI, OpenAIError
from portkey_ai import Portkey, createHeaders
from portkey_ai._vendor import openai as vendored

HELLO = [{"role": "user", "content": "hello from portkey"}]

# The simulated Moonshot begins by repeating the question.
DOCUMENTED_ANSWER = "Tell me a joke about AI"


def client_of(gateway, **options):
    options = {"api_key": gateway.master_key, "virtual_key": gateway.virtual_key, **options}
    return Portkey(base_url=gateway.url + "/v1", **options)


def test_documented_provider_and_a_key_of_ones_own(gateway):
    portkey = Portkey(
        api_key=gateway.master_key,
        base_url=gateway.url + "/v1",
        provider="moonshot",
        Authorization=gateway.caller_key,
    )

    response = portkey.chat.completions.create(
        model="moonshot-v1-16k",
        messages=[
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Tell me a joke about AI."},
        ],
    )

    assert DOCUMENTED_ANSWER in response.choices[0].message.content
    assert gateway.provider_keys() == [f"Bearer {gateway.caller_key}"]


def test_documented_virtual_key(gateway):
    portkey = Portkey(
        api_key=gateway.master_key,
        base_url=gateway.url + "/v1",
        virtual_key=gateway.virtual_key,
    )

    response = portkey.chat.completions.create(
        model="moonshot-v1-16k",
        messages=[
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Tell me a joke about AI."},
        ],
    )

    assert DOCUMENTED_ANSWER in response.choices[0].message.content
    assert gateway.provider_keys() == [f"Bearer {gateway.operator_key}"]


def test_documented_openai_sdk_with_a_provider(gateway):
    client = OpenAI(
        api_key=gateway.caller_key,
        base_url=gateway.url + "/v1",
        default_headers=createHeaders(
            provider="moonshot",
            api_key=gateway.master_key,
        ),
    )

    response = client.chat.completions.create(
        model="moonshot-v1-16k",
        messages=[
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Tell me a joke about AI."},
        ],
    )

    assert DOCUMENTED_ANSWER in response.choices[0].message.content
    assert gateway.provider_keys() == [f"Bearer {gateway.caller_key}"]


def test_documented_openai_sdk_with_a_virtual_key(gateway):
    # The page leaves the key empty, which newer versions of the SDK refuse before they ask anybody.
    with pytest.raises(OpenAIError, match="Missing credentials"):
        OpenAI(api_key="")

    client = OpenAI(
        api_key="not needed",  # Not needed when using virtual key
        base_url=gateway.url + "/v1",
        default_headers=createHeaders(
            api_key=gateway.master_key,
            virtual_key=gateway.virtual_key,
        ),
    )

    response = client.chat.completions.create(
        model="moonshot-v1-16k",
        messages=[
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Tell me a joke about AI."},
        ],
    )

    assert DOCUMENTED_ANSWER in response.choices[0].message.content
    assert gateway.provider_keys() == [f"Bearer {gateway.operator_key}"]


def test_a_stream_says_what_the_whole_answer_says(shared_gateway):
    client = client_of(shared_gateway)
    whole = client.chat.completions.create(model="moonshot-v1-8k", messages=HELLO)
    chunks = list(client.chat.completions.create(model="moonshot-v1-8k", messages=HELLO, stream=True))
    assert "hello from portkey" in whole.choices[0].message.content
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason] == ["stop"]


def test_the_headers_of_the_gateway_can_be_read(shared_gateway):
    client = client_of(shared_gateway, trace_id="trace-7")
    headers = client.chat.completions.create(model="moonshot-v1-8k", messages=HELLO).get_headers()
    assert headers["trace-id"] == "trace-7"
    assert headers["provider"] == "moonshot"
    assert headers["retry-attempt-count"] == "0"


def test_nothing_of_portkeys_reaches_the_provider(gateway):
    client_of(gateway, metadata={"_user": "u1"}).chat.completions.create(model="moonshot-v1-8k", messages=HELLO)
    (request,) = gateway.requests()
    assert [name for name in request["headers"] if name.startswith("x-portkey")] == []
    assert gateway.master_key not in str(request["headers"])


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"api_key": "sk-wrong"}, vendored.AuthenticationError),
        ({"virtual_key": "nobody"}, vendored.BadRequestError),
        ({"virtual_key": None, "provider": "moonshot", "Authorization": "sk-wrong"}, vendored.AuthenticationError),
    ],
)
def test_errors_are_typed(shared_gateway, options, kind):
    with pytest.raises(kind):
        client_of(shared_gateway, **options).chat.completions.create(model="moonshot-v1-8k", messages=HELLO)


@pytest.mark.parametrize("status", [500, 503])
def test_a_failure_of_the_provider_is_not_repeated(start_gateway, status):
    gateway = start_gateway(faults=[{"error": {"status": status, "type": "server_error", "message": "down"}}])
    with pytest.raises(vendored.InternalServerError):
        client_of(gateway).chat.completions.create(model="moonshot-v1-8k", messages=HELLO)
    assert len(gateway.requests()) == 1


@broken_streams
def test_a_broken_stream_raises(start_gateway, options):
    client = client_of(start_gateway(**options))
    with pytest.raises(vendored.APIError):
        list(client.chat.completions.create(model="moonshot-v1-8k", messages=HELLO, stream=True))
