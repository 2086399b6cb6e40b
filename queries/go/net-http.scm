; net/http: routes of ServeMux and the default mux with and without Go 1.22 methods (`GET /orders/{id}`), sub-muxes
; behind StripPrefix, and requests to other services.
; Known misses: routes by hand in a ServeHTTP switch; base addresses that only the environment knows.

((call receiver: (_) @endpoint.router method: ["HandleFunc" "Handle"]
       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "net/http.ServeMux")
  (#not-type? @endpoint.handler "net/http.ServeMux")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)
; What wraps handlers and muxes alike gives either: what it is given here is a handler.
((call receiver: (_) @endpoint.router method: ["HandleFunc" "Handle"]
       argument[0]: (string) @endpoint.route argument[1]: (call argument[-1]: (_) @_wrapped) @endpoint.handler
  (#type? @endpoint.router "net/http.ServeMux")
  (#type? @endpoint.handler "net/http.ServeMux") (#not-type? @_wrapped "net/http.ServeMux")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)
((call callee: (_) @_f argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#is? @_f "net/http.HandleFunc" "net/http.Handle")
  (#not-type? @endpoint.handler "net/http.ServeMux")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)

; A mux behind StripPrefix holds routes without the prefix.
((call receiver: (_) @endpoint.router method: "Handle"
       argument[1]: (call callee: (_) @_strip argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.handler)
  (#type? @endpoint.router "net/http.ServeMux")
  (#is? @_strip "net/http.StripPrefix")
  (#type? @endpoint.handler "net/http.ServeMux")) @endpoint.mount)

; A server around an endpoint: what it decodes and encodes with is no handler.
(stub ["github.com/go-kit/kit/transport/http.NewServer" "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp.NewHandler"]
  returns: argument[0])

; Other services.
((call callee: (_) @_f argument[0]: (string) @remote.address
  (#is? @_f "net/http.Get" "net/http.Head" "net/http.Post" "net/http.PostForm")
  (#set! remote.kind "http")) @remote)
((call receiver: (_) @_client method: ["Get" "Head" "Post" "PostForm"] argument[0]: (string) @remote.address
  (#type? @_client "net/http.Client")
  (#set! remote.kind "http")) @remote)
((call callee: (_) @_f argument[1]: (string) @remote.address
  (#is? @_f "net/http.NewRequest")
  (#set! remote.kind "http")) @remote)
((call callee: (_) @_f argument[2]: (string) @remote.address
  (#is? @_f "net/http.NewRequestWithContext")
  (#set! remote.kind "http")) @remote)

; A new router begins a tree of its own.
((call callee: (_) @_new (#is? @_new "net/http.NewServeMux")) @endpoint.group)
