; actix-web 3 and 4: attribute routes, scopes, resources, routes, services, configuration functions, extractors; the same by
; paperclip's wrappers.
; Known misses: services made in macros, guards on scopes, services kept in variables of other functions.

; What a call may fail with hides nothing.
(stub "actix_web::Result" wraps: 0)

(stub ["actix_web::web::Data" "actix_web::web::Json" "actix_web::web::Path" "actix_web::web::Query" "actix_web::web::Form"
       "actix_web::web::ReqData" "actix_web::web::ThinData"] wraps: 0)
(stub ["actix_web::web::Data::new" "actix_web::web::Data::from" "actix_web::web::Json" "actix_web::web::ThinData"] returns: argument[0])
(stub "actix_web::App::new" returns: "actix_web::App")
(stub "actix_web::App::*" returns: self)
(stub ["actix_web::web::scope" "actix_web::Scope::new" "paperclip::actix::web::scope"] returns: "actix_web::Scope")
(stub "actix_web::Scope::*" returns: self)
(stub ["actix_web::web::resource" "actix_web::Resource::new" "paperclip::actix::web::resource"] returns: "actix_web::Resource")
(stub "actix_web::Resource::*" returns: self)
(stub "actix_web::web::ServiceConfig::*" returns: self)
(stub "paperclip::actix::App" same: "actix_web::App")
(stub "paperclip::actix::web::Scope" same: "actix_web::Scope")
(stub "paperclip::actix::web::Resource" same: "actix_web::Resource")
(stub "paperclip::actix::web::ServiceConfig" same: "actix_web::web::ServiceConfig")
(stub ["actix_web::App" "actix_web::Scope" "actix_web::Resource" "actix_web::web::ServiceConfig"] extends: "actix_web::dev::Router")

; #[get("/users/{id}")]
(definition kind: "function"
  attribute: (call callee: [(name ["get" "post" "put" "delete" "head" "options" "trace" "patch" "connect"] @endpoint.method) (member name: ["get" "post" "put" "delete" "head" "options" "trace" "patch" "connect"] @endpoint.method)] @_verb argument[0]: (text) @endpoint.route)
  (#is? @_verb "actix_web::get" "actix_web::post" "actix_web::put" "actix_web::delete" "actix_web::head" "actix_web::options" "actix_web::trace" "actix_web::patch" "actix_web::connect"
   "actix_web_codegen::get" "actix_web_codegen::post" "actix_web_codegen::put" "actix_web_codegen::delete" "actix_web_codegen::head" "actix_web_codegen::options"
   "actix_web_codegen::trace" "actix_web_codegen::patch" "actix_web_codegen::connect")
  (#set! endpoint.methods "get=GET post=POST put=PUT patch=PATCH delete=DELETE head=HEAD options=OPTIONS trace=TRACE connect=CONNECT")) @endpoint
; #[get(path = "crate::ROUTES.users.show")]: code in a text.
(definition kind: "function"
  attribute: (call callee: [(name ["get" "post" "put" "delete" "head" "options" "trace" "patch" "connect"] @endpoint.method) (member name: ["get" "post" "put" "delete" "head" "options" "trace" "patch" "connect"] @endpoint.method)] @_verb keyword[path]: (string) @endpoint.route)
  (#is? @_verb "actix_web::get" "actix_web::post" "actix_web::put" "actix_web::delete" "actix_web::head" "actix_web::options" "actix_web::trace" "actix_web::patch" "actix_web::connect"
   "actix_web_codegen::get" "actix_web_codegen::post" "actix_web_codegen::put" "actix_web_codegen::delete" "actix_web_codegen::head" "actix_web_codegen::options"
   "actix_web_codegen::trace" "actix_web_codegen::patch" "actix_web_codegen::connect")
  (#set! endpoint.quoted)
  (#set! endpoint.methods "get=GET post=POST put=PUT patch=PATCH delete=DELETE head=HEAD options=OPTIONS trace=TRACE connect=CONNECT")) @endpoint
; #[route("/users", method = "GET", method = "POST")]
(definition kind: "function"
  attribute: (call callee: [(name "route") (member name: "route")] @_verb argument[0]: (text) @endpoint.route keyword[method]: (text) @endpoint.method)
  (#is? @_verb "actix_web::route")) @endpoint

; web::scope("/api"), web::resource("/users")
(call callee: [(name ["scope" "resource"]) (member name: ["scope" "resource" "new"])] @_make argument[0]: (string) @endpoint.prefix
  (#is? @_make "actix_web::web::scope" "actix_web::web::resource" "actix_web::Scope::new" "actix_web::Resource::new"
   "paperclip::actix::web::scope" "paperclip::actix::web::resource") (#set! endpoint.part)) @endpoint.group

; .route("/users", web::get().to(list)) and, on a resource, .route(web::get().to(list)). What is said of a route before its
; handler (`.guard(..)`) and behind it (`.wrap(..)`, traits of the program's own) hides neither.
(call receiver: (_) @endpoint.router method: "route" argument[0]: (string) @endpoint.route argument[1]: (chain of: (call
    receiver: (chain of: (call callee: [(name ["get" "post" "put" "delete" "head" "options" "trace" "patch" "connect"] @endpoint.method)
                                        (member name: ["get" "post" "put" "delete" "head" "options" "trace" "patch" "connect"] @endpoint.method)])) method: "to" argument[0]: (_) @endpoint.handler))
  (#type? @endpoint.router "actix_web::dev::Router")
  (#set! endpoint.methods "get=GET post=POST put=PUT patch=PATCH delete=DELETE head=HEAD options=OPTIONS trace=TRACE connect=CONNECT")) @endpoint
(call receiver: (_) @endpoint.router method: "route" argument[0]: (chain of: (call
    receiver: (chain of: (call callee: [(name ["get" "post" "put" "delete" "head" "options" "trace" "patch" "connect"] @endpoint.method)
                                        (member name: ["get" "post" "put" "delete" "head" "options" "trace" "patch" "connect"] @endpoint.method)])) method: "to" argument[0]: (_) @endpoint.handler))
  (#type? @endpoint.router "actix_web::Resource")
  (#set! endpoint.methods "get=GET post=POST put=PUT patch=PATCH delete=DELETE head=HEAD options=OPTIONS trace=TRACE connect=CONNECT")) @endpoint
(call receiver: (_) @endpoint.router method: "to" argument[0]: (_) @endpoint.handler
  (#type? @endpoint.router "actix_web::Resource")
  (#set! endpoint.method "ANY")) @endpoint
; A resource says by a guard which method it answers to: web::resource("/users").guard(guard::Post()).to(create)
(call receiver: (chain of: (call receiver: (_) @endpoint.router method: "guard"
    argument[0]: (call callee: (member name: ["Get" "Post" "Put" "Delete" "Head" "Options" "Patch"] @endpoint.method))))
  method: "to" argument[0]: (_) @endpoint.handler
  (#type? @endpoint.router "actix_web::Resource")) @endpoint

; .service(list), .service(web::scope(..)), .configure(routes)
(call receiver: (_) @endpoint.router method: "service" argument[0]: (_) @endpoint.handler
  (#type? @endpoint.router "actix_web::dev::Router")) @endpoint.mount
(call receiver: (_) @endpoint.router method: "configure" argument[0]: (_) @endpoint.body
  (#type? @endpoint.router "actix_web::dev::Router")) @endpoint.group
