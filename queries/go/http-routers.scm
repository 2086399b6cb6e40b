; More routers: julienschmidt/httprouter, cloudwego/hertz, kataras/iris, GoFrame, go-zero, danielgtaylor/huma, routegroup.
; Known misses: GoFrame's objects bound by their methods' metadata, iris controllers, files that are served.

; httprouter.
(stub "github.com/julienschmidt/httprouter.New" returns: "github.com/julienschmidt/httprouter.Router")
((call receiver: (_) @endpoint.router method: ["GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/julienschmidt/httprouter.Router")) @endpoint)
((call receiver: (_) @endpoint.router method: ["Handle" "Handler" "HandlerFunc"] argument[0]: (string) @endpoint.method
       argument[1]: (string) @endpoint.route argument[2]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/julienschmidt/httprouter.Router")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)

; hertz: handler chains, the last one handles.
(stub ["github.com/cloudwego/hertz/pkg/app/server.Default" "github.com/cloudwego/hertz/pkg/app/server.New"]
  returns: "github.com/cloudwego/hertz/pkg/app/server.Hertz")
(stub ["github.com/cloudwego/hertz/pkg/app/server.Hertz" "github.com/cloudwego/hertz/pkg/route.Engine"]
  extends: "github.com/cloudwego/hertz/pkg/route.RouterGroup")
(stub ["github.com/cloudwego/hertz/pkg/route.RouterGroup.Group" "github.com/cloudwego/hertz/pkg/app/server.Hertz.Group"]
  returns: "github.com/cloudwego/hertz/pkg/route.RouterGroup")
((call receiver: (_) @endpoint.router method: ["GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS" "Any"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/cloudwego/hertz/pkg/route.RouterGroup")) @endpoint)
((call receiver: (_) @endpoint.router method: "Handle" argument[0]: (string) @endpoint.method
       argument[1]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/cloudwego/hertz/pkg/route.RouterGroup")) @endpoint)
((call receiver: (_) @endpoint.router method: "Group" argument[0]: (string) @endpoint.prefix
  (#type? @endpoint.router "github.com/cloudwego/hertz/pkg/route.RouterGroup")) @endpoint.group)

; iris: parties by value and by function.
(stub ["github.com/kataras/iris.New" "github.com/kataras/iris.Default"] returns: "github.com/kataras/iris.Application")
(stub ["github.com/kataras/iris.Application" "github.com/kataras/iris/core/router.Party"] extends: "github.com/kataras/iris.Party")
(stub ["github.com/kataras/iris.Party.Party" "github.com/kataras/iris.Party.PartyFunc" "github.com/kataras/iris.Application.Party"
       "github.com/kataras/iris.Application.PartyFunc"] returns: "github.com/kataras/iris.Party")
((call receiver: (_) @endpoint.router method: ["Get" "Post" "Put" "Patch" "Delete" "Head" "Options" "Any"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/kataras/iris.Party")
  (#set! endpoint.methods "Get=GET Post=POST Put=PUT Patch=PATCH Delete=DELETE Head=HEAD Options=OPTIONS Any=ANY")) @endpoint)
((call receiver: (_) @endpoint.router method: "Handle" argument[0]: (string) @endpoint.method
       argument[1]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/kataras/iris.Party")) @endpoint)
((call receiver: (_) @endpoint.router method: "Party" argument[0]: (string) @endpoint.prefix
  (#type? @endpoint.router "github.com/kataras/iris.Party")) @endpoint.group)
((call receiver: (_) @endpoint.router method: "PartyFunc" argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.body
  (#type? @endpoint.router "github.com/kataras/iris.Party")) @endpoint.group)

; GoFrame.
(stub "github.com/gogf/gf/frame/g.Server" returns: "github.com/gogf/gf/net/ghttp.Server")
(stub ["github.com/gogf/gf/net/ghttp.Server.Group" "github.com/gogf/gf/net/ghttp.RouterGroup.Group"]
  returns: "github.com/gogf/gf/net/ghttp.RouterGroup")
((call receiver: (_) @endpoint.router method: ["GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS" "ALL"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gogf/gf/net/ghttp.RouterGroup")
  (#set! endpoint.methods "GET=GET POST=POST PUT=PUT PATCH=PATCH DELETE=DELETE HEAD=HEAD OPTIONS=OPTIONS ALL=ANY")) @endpoint)
((call receiver: (_) @endpoint.router method: "BindHandler" argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gogf/gf/net/ghttp.Server")
  (#set! endpoint.method "ANY")) @endpoint)
((call receiver: (_) @endpoint.router method: "Group" argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.body
  (#type? @endpoint.router "github.com/gogf/gf/net/ghttp.Server" "github.com/gogf/gf/net/ghttp.RouterGroup")) @endpoint.group)

; go-zero: a list of routes.
((construct of: (_) @_of field[Method]: (string) @endpoint.method field[Path]: (string) @endpoint.route field[Handler]: (_) @endpoint.handler
  (#is? @_of "github.com/zeromicro/go-zero/rest.Route")) @endpoint)

; huma: operations on an API.
((call callee: (_) @_f argument[0]: (_) argument[1]: (string) @endpoint.route argument[2]: (_) @endpoint.handler
  (#is? @_f "github.com/danielgtaylor/huma.Get") (#set! endpoint.method "GET")) @endpoint)
((call callee: (_) @_f argument[0]: (_) argument[1]: (string) @endpoint.route argument[2]: (_) @endpoint.handler
  (#is? @_f "github.com/danielgtaylor/huma.Post") (#set! endpoint.method "POST")) @endpoint)
((call callee: (_) @_f argument[0]: (_) argument[1]: (string) @endpoint.route argument[2]: (_) @endpoint.handler
  (#is? @_f "github.com/danielgtaylor/huma.Put") (#set! endpoint.method "PUT")) @endpoint)
((call callee: (_) @_f argument[0]: (_) argument[1]: (string) @endpoint.route argument[2]: (_) @endpoint.handler
  (#is? @_f "github.com/danielgtaylor/huma.Patch") (#set! endpoint.method "PATCH")) @endpoint)
((call callee: (_) @_f argument[0]: (_) argument[1]: (string) @endpoint.route argument[2]: (_) @endpoint.handler
  (#is? @_f "github.com/danielgtaylor/huma.Delete") (#set! endpoint.method "DELETE")) @endpoint)
((call callee: (_) @_f argument[1]: (construct field[Method]: (string) @endpoint.method field[Path]: (string) @endpoint.route)
       argument[2]: (_) @endpoint.handler
  (#is? @_f "github.com/danielgtaylor/huma.Register")) @endpoint)

; routegroup over the standard library's mux: groups by prefix, with middleware.
(stub ["github.com/go-pkgz/routegroup.New" "github.com/go-pkgz/routegroup.Mount" "github.com/go-pkgz/routegroup.Bundle.Mount"
       "github.com/go-pkgz/routegroup.Bundle.Group"] returns: "github.com/go-pkgz/routegroup.Bundle")
(stub "github.com/go-pkgz/routegroup.Bundle.With" returns: self)
((call receiver: (_) @endpoint.router method: ["HandleFunc" "Handle"]
       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/go-pkgz/routegroup.Bundle")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)
((call receiver: (_) @endpoint.router method: "Mount" argument[0]: (string) @endpoint.prefix
  (#type? @endpoint.router "github.com/go-pkgz/routegroup.Bundle")) @endpoint.group)
((call receiver: (_) @endpoint.router method: "Group"
  (#type? @endpoint.router "github.com/go-pkgz/routegroup.Bundle")) @endpoint.group)
((call receiver: (_) @endpoint.router method: "Route" argument[0]: (_) @endpoint.body
  (#type? @endpoint.router "github.com/go-pkgz/routegroup.Bundle")) @endpoint.group)
((call callee: (_) @_mount argument[1]: (string) @endpoint.prefix
  (#is? @_mount "github.com/go-pkgz/routegroup.Mount")) @endpoint.group)
((call callee: (_) @_new (#is? @_new "github.com/go-pkgz/routegroup.New")) @endpoint.group)
