; utoipa-axum 0.1 and 0.2: routes documented on their handlers, collected by `routes!`.
; Known misses: paths taken from constants.

(stub ["utoipa_axum::router::OpenApiRouter::new" "utoipa_axum::router::OpenApiRouter::with_openapi" "utoipa_axum::router::OpenApiRouter::default"]
  returns: "utoipa_axum::router::OpenApiRouter")
(stub ["utoipa_axum::router::OpenApiRouter::into" "utoipa_axum::router::OpenApiRouter::*"] returns: self)
(stub "utoipa_axum::router::OpenApiRouter" extends: "axum::Router")

(call callee: (member base: (_) @_router name: ["new" "with_openapi" "default"])
  (#is? @_router "utoipa_axum::router::OpenApiRouter")) @endpoint.group

(definition kind: "function"
  attribute: (call callee: (member base: (name "utoipa") name: "path") argument: (name ["get" "post" "put" "patch" "delete" "head" "options"] @endpoint.method)
    keyword[path]: (text) @endpoint.route)
  (#set! endpoint.framework "axum")
  (#set! endpoint.mounted)) @endpoint

(call receiver: (_) @endpoint.router method: "routes"
  argument[0]: (call callee: [(name "routes!") (member name: "routes!")] argument[*]: (_) @endpoint.handler)
  (#type? @endpoint.router "utoipa_axum::router::OpenApiRouter")) @endpoint.mount
