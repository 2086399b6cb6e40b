; google.golang.org/grpc: servers registered by generated code, connections to other services; connectrpc.com/connect.
; A service's package is what the generated file says (`ServiceName: "shop.v1.Orders"`).
; Known misses: the methods of a service come from its implementation, not from the .proto file; the prefix below which a gateway hangs.

(stub "google.golang.org/grpc.NewServer" returns: "google.golang.org/grpc.Server")
(stub ["google.golang.org/grpc.Dial" "google.golang.org/grpc.DialContext" "google.golang.org/grpc.NewClient"]
  returns: "google.golang.org/grpc.ClientConn")

((call callee: (member name: _ @endpoint.route) argument[0]: (_) @_server argument[1]: (_) @endpoint.handler
  (#match? @endpoint.route "^Register\\w+Server$")
  (#type? @_server "google.golang.org/grpc.Server" "google.golang.org/grpc.ServiceRegistrar")
  (#set! endpoint.method "GRPC") (#set! endpoint.qualified)
  (#set! endpoint.strip "Register Server")
  (#set! endpoint.handler "exported")) @endpoint)

; What describes a service, followed by what serves it: the library's own method, or a helper of the program's.
((call argument[0]: (member name: _ @endpoint.route) @endpoint.described argument[1]: (_) @endpoint.handler
  (#match? @endpoint.route "^\\w+_ServiceDesc$")
  (#set! endpoint.method "GRPC") (#set! endpoint.qualified)
  (#set! endpoint.strip "_ServiceDesc")
  (#set! endpoint.handler "exported")) @endpoint)

; grpc-gateway: routes of the generated file, each with the method of the service that answers it.
((call receiver: (_) @_mux method: "Handle" argument[0]: (string) @endpoint.method argument[1]: (name) @endpoint.route argument[2]: (function))
  @endpoint.coded
  (#match? @endpoint.route "^pattern_\\w+_\\d+$")
  (#type? @_mux "github.com/grpc-ecosystem/grpc-gateway/runtime.ServeMux")
  (#set! endpoint.framework "grpc-gateway"))

; connectrpc.com/connect: the generated package ends in `connect`.
((call callee: (member base: (name) @_package name: _ @endpoint.route) argument[0]: (_) @endpoint.handler
  (#match? @_package "connect$")
  (#match? @endpoint.route "^New\\w+Handler$")
  (#set! endpoint.method "GRPC") (#set! endpoint.qualified)
  (#set! endpoint.strip "New Handler")
  (#set! endpoint.handler "exported")) @endpoint)

((call callee: (_) @_f argument[0]: (string) @remote.address
  (#is? @_f "google.golang.org/grpc.Dial" "google.golang.org/grpc.NewClient")
  (#set! remote.kind "grpc")) @remote)
((call callee: (_) @_f argument[1]: (string) @remote.address
  (#is? @_f "google.golang.org/grpc.DialContext")
  (#set! remote.kind "grpc")) @remote)
