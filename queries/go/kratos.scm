; go-kratos: HTTP routes of generated files and of the program's own, gRPC servers of its transport.
; In generated files a route counts where a method of the program's own answers. Known misses: prefixes by a server's options.

(stub "github.com/go-kratos/kratos/transport/grpc.NewServer" returns: "github.com/go-kratos/kratos/transport/grpc.Server")
(stub "github.com/go-kratos/kratos/transport/grpc.Server" extends: "google.golang.org/grpc.Server")
(stub "github.com/go-kratos/kratos/transport/http.NewServer" returns: "github.com/go-kratos/kratos/transport/http.Server")
(stub ["github.com/go-kratos/kratos/transport/http.Server.Route" "github.com/go-kratos/kratos/transport/http.Router.Group"]
  returns: "github.com/go-kratos/kratos/transport/http.Router")

((call receiver: (_) @endpoint.router method: ["GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/go-kratos/kratos/transport/http.Router")) @endpoint)
((call receiver: (_) @endpoint.router method: "Handle" argument[0]: (string) @endpoint.method argument[1]: (string) @endpoint.route
       argument[2]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/go-kratos/kratos/transport/http.Router")) @endpoint)
((call receiver: (_) @endpoint.router method: ["Handle" "HandleFunc" "HandlePrefix"] argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/go-kratos/kratos/transport/http.Server")
  (#set! endpoint.method "ANY")) @endpoint)
((call receiver: (_) @endpoint.router method: ["Route" "Group"] argument[0]: (string) @endpoint.prefix
  (#type? @endpoint.router "github.com/go-kratos/kratos/transport/http.Server" "github.com/go-kratos/kratos/transport/http.Router")) @endpoint.group)
