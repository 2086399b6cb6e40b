; poem 1 to 3 and poem-openapi 1 to 5: routes with chains of methods, nested routes, methods of documented types and where
; their service hangs. Known misses: types whose service stands in no call that is followed are without its prefix.

; What a call may fail with hides nothing.
(stub "poem::Result" wraps: 0)

(stub ["poem::Route::new" "poem::Route::default"] returns: "poem::Route")
(stub "poem::Route::*" returns: self)
(stub ["poem::web::Data" "poem::web::Json" "poem::web::Path" "poem::web::Query" "poem::web::Form" "poem_openapi::param::Path"
       "poem_openapi::param::Query" "poem_openapi::payload::Json"] wraps: 0)
(stub ["poem::web::Json" "poem_openapi::payload::Json"] returns: argument[0])

(call callee: (member base: (_) @_router name: ["new" "default"])
  (#is? @_router "poem::Route")) @endpoint.group

; .at("/users/:id", get(show).put(edit)), .at("/users", list)
((call receiver: (_) @endpoint.router method: "at" argument[0]: (string) @endpoint.route argument[1]: (call) @endpoint.handler
  (#type? @endpoint.router "poem::Route")
  (#set! endpoint.handler "chain")) @endpoint)
((call receiver: (_) @endpoint.router method: "at" argument[0]: (string) @endpoint.route argument[1]: [(name) (member)] @endpoint.handler
  (#type? @endpoint.router "poem::Route")
  (#set! endpoint.method "ANY")) @endpoint)

; .nest("/api", users::routes())
(call receiver: (_) @endpoint.router method: ["nest" "nest_no_strip"] argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "poem::Route")
  (#not-type? @endpoint.handler "poem_openapi::page!")) @endpoint.mount

; Documented types: OpenApiService::new((Users, Orders), "shop", "1.0").
(stub "poem_openapi::OpenApiService::new" returns: "poem_openapi::OpenApiService")
(stub ["poem_openapi::OpenApiService::server" "poem_openapi::OpenApiService::with" "poem_openapi::OpenApiService::data"
       "poem_openapi::OpenApiService::around" "poem_openapi::OpenApiService::before" "poem_openapi::OpenApiService::after"
       "poem_openapi::OpenApiService::description" "poem_openapi::OpenApiService::catch_error"
       "poem_openapi::OpenApiService::boxed" "poem_openapi::OpenApiService::into_endpoint"] returns: self)
(stub ["poem_openapi::OpenApiService::swagger_ui" "poem_openapi::OpenApiService::rapidoc" "poem_openapi::OpenApiService::redoc"
       "poem_openapi::OpenApiService::stoplight_elements" "poem_openapi::OpenApiService::openapi_explorer"
       "poem_openapi::OpenApiService::scalar" "poem_openapi::OpenApiService::spec_endpoint"
       "poem_openapi::OpenApiService::spec_endpoint_yaml"] returns: "poem_openapi::page!")
(stub "poem_openapi::page!::*" returns: self)
((call callee: (member name: "new") argument[0]: (_) @endpoint.handler
  (#type? @endpoint.router "poem_openapi::OpenApiService")) @endpoint.router @endpoint.mount)

((definition kind: "method" attribute: [(call callee: [(name "OpenApi") (member name: "OpenApi")] @_api) [(name "OpenApi") (member name: "OpenApi")] @_api]
   attribute: (call callee: (name "oai") keyword[path]: (text) @endpoint.route keyword[method]: (text) @endpoint.method)) @endpoint
  (#is? @_api "poem_openapi::OpenApi"))
((definition kind: "method" attribute: (call callee: [(name "OpenApi") (member name: "OpenApi")] @_api keyword[prefix_path]: (text) @endpoint.prefix)
   attribute: (call callee: (name "oai") keyword[path]: (text) @endpoint.route keyword[method]: (text) @endpoint.method)) @endpoint
  (#is? @_api "poem_openapi::OpenApi"))
