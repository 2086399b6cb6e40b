; github.com/gorilla/mux v1: HandleFunc/Handle with Methods, Path and Methods first, subrouters by prefix.
; Known misses: routes found by a custom MatcherFunc; hosts.

(stub "github.com/gorilla/mux.NewRouter" returns: "github.com/gorilla/mux.Router")
(stub "github.com/gorilla/mux.Route.Subrouter" returns: "github.com/gorilla/mux.Router")
(stub ["github.com/gorilla/mux.Router.StrictSlash" "github.com/gorilla/mux.Router.SkipClean"
       "github.com/gorilla/mux.Router.UseEncodedPath"] returns: self)
(stub ["github.com/gorilla/mux.Router.HandleFunc" "github.com/gorilla/mux.Router.Handle" "github.com/gorilla/mux.Router.Path"
       "github.com/gorilla/mux.Router.PathPrefix" "github.com/gorilla/mux.Router.Methods" "github.com/gorilla/mux.Router.NewRoute"
       "github.com/gorilla/mux.Router.Host" "github.com/gorilla/mux.Router.Schemes" "github.com/gorilla/mux.Router.Headers"
       "github.com/gorilla/mux.Router.Queries" "github.com/gorilla/mux.Router.Name"] returns: "github.com/gorilla/mux.Route")
(stub "github.com/gorilla/mux.Route.*" returns: self)

; r.HandleFunc("/x", h).Methods("GET"), and without Methods.
((call receiver: (call receiver: (_) @endpoint.router method: ["HandleFunc" "Handle"]
                       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler)
       method: "Methods" argument[*]: (_) @endpoint.method
  (#type? @endpoint.router "github.com/gorilla/mux.Router")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)
((call receiver: (_) @endpoint.router method: ["HandleFunc" "Handle"]
       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gorilla/mux.Router")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)

; r.Methods("GET").Path("/x").HandlerFunc(h), r.Path("/x").Methods("GET").HandlerFunc(h).
((call receiver: (call receiver: (call receiver: (_) @endpoint.router method: "Methods" argument[*]: (_) @endpoint.method)
                       method: "Path" argument[0]: (string) @endpoint.route)
       method: ["HandlerFunc" "Handler"] argument[0]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gorilla/mux.Router")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)
((call receiver: (call receiver: (call receiver: (_) @endpoint.router method: "Path" argument[0]: (string) @endpoint.route)
                       method: "Methods" argument[*]: (_) @endpoint.method)
       method: ["HandlerFunc" "Handler"] argument[0]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gorilla/mux.Router")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)

; r.PathPrefix("/api").Methods("GET").Path("/x").Handler(h)
((call receiver: (call receiver: (call receiver: (call receiver: (_) @endpoint.router
                       method: "PathPrefix" argument[0]: (string) @endpoint.prefix)
                       method: "Methods" argument[*]: (_) @endpoint.method)
                       method: "Path" argument[0]: (string) @endpoint.route)
       method: ["HandlerFunc" "Handler"] argument[0]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gorilla/mux.Router")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)
; Everything below: r.PathPrefix("/static/").Handler(h)
((call receiver: (call receiver: (_) @endpoint.router method: "PathPrefix" argument[0]: (string) @endpoint.route)
       method: ["HandlerFunc" "Handler"] argument[0]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gorilla/mux.Router")
  (#not-type? @endpoint.handler "github.com/gorilla/mux.Router" "net/http.ServeMux")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)

((call receiver: (call receiver: (_) @endpoint.router method: "PathPrefix" argument[0]: (string) @endpoint.prefix)
       method: "Subrouter"
  (#type? @endpoint.router "github.com/gorilla/mux.Router")) @endpoint.group)

; A new router begins a tree of its own.
((call callee: (_) @_new (#is? @_new "github.com/gorilla/mux.NewRouter")) @endpoint.group)
