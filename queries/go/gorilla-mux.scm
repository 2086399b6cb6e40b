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

; r.HandleFunc("/x", h).Methods("GET"), r.Path("/x").Methods("GET").HandlerFunc(h), r.PathPrefix("/x").Handler(h): what the calls of a
; chain say counts in whatever order they stand.
((call receiver: (_) @endpoint.router method: ["HandleFunc" "Handle"]
       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gorilla/mux.Router")
  (#set! endpoint.along "Methods=method Name Queries Headers HeadersRegexp Schemes Host MatcherFunc BuildOnly")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)
((call receiver: (_) @endpoint.router method: ["HandlerFunc" "Handler"] argument[0]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gorilla/mux.Route")
  (#not-type? @endpoint.handler "github.com/gorilla/mux.Router" "net/http.ServeMux")
  (#set! endpoint.along "Path=route PathPrefix=route Methods=method NewRoute Name Queries Headers HeadersRegexp Schemes Host MatcherFunc")
  (#set! endpoint.handler "ServeHTTP")) @endpoint)

((call receiver: (_) @endpoint.router method: "Subrouter"
  (#type? @endpoint.router "github.com/gorilla/mux.Route")
  (#set! endpoint.along "Path=route PathPrefix=route Methods NewRoute Name Queries Headers HeadersRegexp Schemes Host MatcherFunc")) @endpoint.group)

; A router behind StripPrefix holds routes without the prefix.
((call receiver: (_) @endpoint.router method: "Handler"
       argument[0]: (call callee: (_) @_strip argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.handler)
  (#type? @endpoint.router "github.com/gorilla/mux.Route")
  (#is? @_strip "net/http.StripPrefix")
  (#type? @endpoint.handler "github.com/gorilla/mux.Router" "net/http.ServeMux")
  (#set! endpoint.along "Path PathPrefix Methods NewRoute Name Queries Headers HeadersRegexp Schemes Host MatcherFunc")) @endpoint.mount)

; A new router begins a tree of its own.
((call callee: (_) @_new (#is? @_new "github.com/gorilla/mux.NewRouter")) @endpoint.group)
