; github.com/go-chi/chi v1 to v5: verbs, Method, Route and Group with a body, With, Mount; chiopenapi around it.
; Known misses: routers that come out of a map.

(stub ["github.com/go-chi/chi.NewRouter" "github.com/go-chi/chi.NewMux"] returns: "github.com/go-chi/chi.Mux")
(stub "github.com/go-chi/chi.Mux" extends: "github.com/go-chi/chi.Router")
; A router around it that describes its routes as well: the same tree, by the same calls.
(stub "github.com/oaswrap/spec/adapter/chiopenapi.NewRouter" returns: argument[0])
(stub "github.com/oaswrap/spec/adapter/chiopenapi.Router" extends: "github.com/go-chi/chi.Router")
(stub ["github.com/oaswrap/spec/adapter/chiopenapi.Router.With" "github.com/oaswrap/spec/adapter/chiopenapi.Router.Route"
       "github.com/oaswrap/spec/adapter/chiopenapi.Router.Group"] returns: self)
(stub ["github.com/go-chi/chi.Router.With" "github.com/go-chi/chi.Router.Route" "github.com/go-chi/chi.Router.Group"] returns: self)

((call receiver: (_) @endpoint.router
       method: ["Get" "Post" "Put" "Patch" "Delete" "Head" "Options" "Connect" "Trace"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/go-chi/chi.Router")
  (#set! endpoint.methods
    "Get=GET Post=POST Put=PUT Patch=PATCH Delete=DELETE Head=HEAD Options=OPTIONS Connect=CONNECT Trace=TRACE")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)
((call receiver: (_) @endpoint.router method: ["Handle" "HandleFunc"]
       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/go-chi/chi.Router")
  (#not-type? @endpoint.handler "github.com/go-chi/chi.Router")
  (#set! endpoint.method "ANY")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)
((call receiver: (_) @endpoint.router method: ["Method" "MethodFunc"] argument[0]: (string) @endpoint.method
       argument[1]: (string) @endpoint.route argument[2]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/go-chi/chi.Router")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)

((call receiver: (_) @endpoint.router method: "Route" argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.body
  (#type? @endpoint.router "github.com/go-chi/chi.Router")) @endpoint.group)
((call receiver: (_) @endpoint.router method: "Group" argument[0]: (_) @endpoint.body
  (#type? @endpoint.router "github.com/go-chi/chi.Router")) @endpoint.group)
((call receiver: (_) @endpoint.router method: "Mount" argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/go-chi/chi.Router")) @endpoint.mount)

; A new router begins a tree of its own.
((call callee: (_) @_new (#is? @_new "github.com/go-chi/chi.NewRouter" "github.com/go-chi/chi.NewMux")) @endpoint.group)
