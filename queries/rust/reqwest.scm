; reqwest, async and blocking: requests by URL.
; Known misses: URLs made with `Url::join`, middleware clients of other crates.

(stub ["reqwest::blocking::Client"] same: "reqwest::Client")
(stub ["reqwest::Client::new" "reqwest::Client::default" "reqwest::blocking::Client::new"] returns: "reqwest::Client")
(stub ["reqwest::Client::builder" "reqwest::ClientBuilder::new" "reqwest::blocking::Client::builder"] returns: "reqwest::ClientBuilder")
(stub "reqwest::ClientBuilder::build" returns: "reqwest::Client")
(stub "reqwest::ClientBuilder::*" returns: self)
(stub "reqwest_middleware::ClientWithMiddleware" extends: "reqwest::Client")

(call receiver: (_) @_client method: ["get" "post" "put" "patch" "delete" "head"] @endpoint.method argument[0]: (string) @remote.address
  (#type? @_client "reqwest::Client")
  (#set! remote.kind "http")) @remote
(call receiver: (_) @_client method: "request" argument[1]: (string) @remote.address
  (#type? @_client "reqwest::Client")
  (#set! remote.kind "http")) @remote
(call callee: [(name "get") (member name: "get")] @_get argument[0]: (string) @remote.address
  (#is? @_get "reqwest::get" "reqwest::blocking::get")
  (#set! remote.kind "http")) @remote
