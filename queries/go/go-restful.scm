; github.com/emicklei/go-restful (v1 to v3): routes built in a chain on a web service, which may say a path of its own.
; Known misses: paths of a container behind another handler; CRUD helpers of the program's own that build routes in a loop over types.

(stub "github.com/emicklei/go-restful.WebService.*" returns: self)
(stub ["github.com/emicklei/go-restful.WebService.GET" "github.com/emicklei/go-restful.WebService.POST"
       "github.com/emicklei/go-restful.WebService.PUT" "github.com/emicklei/go-restful.WebService.PATCH"
       "github.com/emicklei/go-restful.WebService.DELETE" "github.com/emicklei/go-restful.WebService.HEAD"
       "github.com/emicklei/go-restful.WebService.OPTIONS" "github.com/emicklei/go-restful.WebService.Method"]
  returns: "github.com/emicklei/go-restful.RouteBuilder")
(stub "github.com/emicklei/go-restful.RouteBuilder.*" returns: self)

; ws.Route(ws.GET("/{id}").Doc("..").To(show)), ws.Route(ws.Method("GET").Path("/{id}").To(show))
((call receiver: (_) @_route method: "To" argument[0]: (_) @endpoint.handler
  (#type? @_route "github.com/emicklei/go-restful.RouteBuilder")
  (#set! endpoint.bare "true")
  (#set! endpoint.along "GET=verb POST=verb PUT=verb PATCH=verb DELETE=verb HEAD=verb OPTIONS=verb Method=method Path=route Doc Notes Operation Consumes Produces Filter Param Reads Writes Returns ReturnsError DefaultReturns Metadata Deprecate Do If ContentEncodingEnabled AllowedMethodsWithoutContentType")) @endpoint)

; ws.Path("/orders"): what the service answers to stands below.
((call receiver: (_) @endpoint.router method: ["Path" "RootPath"] argument[0]: (string) @endpoint.prefix
  (#type? @endpoint.router "github.com/emicklei/go-restful.WebService")
  (#set! endpoint.own "true")) @endpoint.group)
