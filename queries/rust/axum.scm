; axum 0.5 to 0.8: routes with chains of methods, nested and merged routers, extractors.
; Known misses: routes added in loops, services, fallbacks.

; What a call may fail with hides nothing.
(stub "axum::response::Result" wraps: 0)

(stub ["axum::Router::new" "axum::Router::default"] returns: "axum::Router")
(stub "axum::routing::Router" same: "axum::Router")
(stub "axum::Router::*" returns: self)
(stub ["axum::extract::State" "axum::extract::Path" "axum::extract::Query" "axum::extract::Json" "axum::Json" "axum::Extension"
       "axum::extract::Extension" "axum::extract::Form" "axum::Form"] wraps: 0)
(stub ["axum::Json" "axum::extract::Json"] returns: argument[0])

(call callee: (member base: (_) @_router name: ["new" "default"])
  (#is? @_router "axum::Router")) @endpoint.group

; .route("/users/{id}", get(show).put(edit).delete(remove))
(call receiver: (_) @endpoint.router method: ["route" "route_with_tsr"] argument[0]: (string) @endpoint.route argument[1]: [(call) (name) (member)] @endpoint.handler
  (#type? @endpoint.router "axum::Router")
  (#set! endpoint.handler "chain") (#set! endpoint.bare)) @endpoint

; .nest("/api", users::routes()), .merge(orders::routes())
(call receiver: (_) @endpoint.router method: ["nest" "nest_service"] argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "axum::Router")) @endpoint.mount
(call receiver: (_) @endpoint.router method: "merge" argument[0]: (_) @endpoint.handler
  (#type? @endpoint.router "axum::Router")) @endpoint.mount
