; go-swagger (github.com/go-openapi): the generated table of routes, each with the field that the program gives its handler.
; Known misses: the base path, which stands in the embedded description alone.

((assign target: (index base: (index base: (member name: "handlers") index: (text) @endpoint.method) index: (text) @endpoint.route)
         value: (call argument[0]: (_) @_context argument[1]: (_) @endpoint.handler) @endpoint)
  (#type? @_context "github.com/go-openapi/runtime/middleware.Context")
  (#set! endpoint.handler "wired"))
