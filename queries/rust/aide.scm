; aide 0.10 to 0.14 over axum: documented routes.
; Known misses: routes that only `api_route_docs` describes.

(stub ["aide::axum::ApiRouter::new" "aide::axum::ApiRouter::default"] returns: "aide::axum::ApiRouter")
(stub "aide::axum::ApiRouter::*" returns: self)
(stub "aide::axum::ApiRouter" extends: "axum::Router")

(call callee: (member base: (_) @_router name: ["new" "default"])
  (#is? @_router "aide::axum::ApiRouter")) @endpoint.group

; .api_route("/users/{id}", get(show).put_with(edit, described)), .api_route_with("/users", post(create), tag)
(call receiver: (_) @endpoint.router method: ["api_route" "api_route_with"] argument[0]: (string) @endpoint.route
  argument[1]: (call) @endpoint.handler
  (#type? @endpoint.router "aide::axum::ApiRouter")
  (#set! endpoint.framework "axum")
  (#set! endpoint.handler "chain")) @endpoint
(call receiver: (_) @endpoint.router method: "nest_api_service" argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "aide::axum::ApiRouter")) @endpoint.mount
