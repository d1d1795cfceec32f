/** The gateway's own key: `$PORTKEY_API_KEY` and `your-proxy-api-key` of the documented examples. */
export const masterKey = "sk-perilune-master-key-of-the-tests";
/** The provider key the gateway is configured with. */
export const operatorKey = "sk-moonshot-key-of-the-operator";
/** A provider key that a caller brings: `$PROVIDER_API_KEY` of the documented examples. */
export const callerKey = "sk-moonshot-key-of-the-caller";
/** `$VIRTUAL_KEY` of the documented examples. */
export const virtualKey = "moonshot-team";

/** The `config.yaml` of LiteLLM's Moonshot page, to the letter. */
export const documentedConfig = `model_list:
  - model_name: moonshot-v1-8k
    litellm_params:
      model: moonshot/moonshot-v1-8k
      api_key: os.environ/MOONSHOT_API_KEY

  - model_name: moonshot-v1-32k
    litellm_params:
      model: moonshot/moonshot-v1-32k
      api_key: os.environ/MOONSHOT_API_KEY

  - model_name: moonshot-v1-128k
    litellm_params:
      model: moonshot/moonshot-v1-128k
      api_key: os.environ/MOONSHOT_API_KEY
`;

/** The same with every Kimi model and a virtual key; one attempt and no cooldown, so that tests do not meet each other. */
export const exampleConfig = `${documentedConfig}
  - model_name: moonshot/*
    litellm_params:
      model: moonshot/*
      api_key: os.environ/MOONSHOT_API_KEY

  - model_name: kimi-*
    litellm_params:
      model: moonshot/kimi-*
      api_key: os.environ/MOONSHOT_API_KEY

router_settings:
  num_retries: 0
  disable_cooldowns: true

virtual_keys:
  ${virtualKey}:
    provider: moonshot
    api_key: os.environ/MOONSHOT_API_KEY
`;
