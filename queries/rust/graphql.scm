; GraphQL servers: async-graphql and juniper, methods in an `impl` with their attribute.
; Root types are those that a schema is made of, with their parts, and those that names tell (`Query`, `QueryRoot`, `UserMutation`).
; Known misses: methods under `#[graphql(skip)]` count; resolvers of fields of other types do not.

; What a call may fail with hides nothing.
(stub ["async_graphql::Result" "async_graphql::FieldResult" "juniper::FieldResult"] wraps: 0)

(call callee: (member base: (_) @_schema name: ["build" "new"]) argument[0]: (_) @endpoint.root
  (#is? @_schema "async_graphql::Schema" "juniper::RootNode")
  (#set! endpoint.method "QUERY"))
(call callee: (member base: (_) @_schema name: ["build" "new"]) argument[1]: (_) @endpoint.root
  (#is? @_schema "async_graphql::Schema" "juniper::RootNode")
  (#set! endpoint.method "MUTATION"))
(call callee: (member base: (_) @_schema name: ["build" "new"]) argument[2]: (_) @endpoint.root
  (#is? @_schema "async_graphql::Schema" "juniper::RootNode")
  (#set! endpoint.method "SUBSCRIPTION"))
(definition kind: "type" attribute: (call callee: (name "derive")
  argument: [(name ["MergedObject" "MergedSubscription"]) (member name: ["MergedObject" "MergedSubscription"])] @_merged)
  (#is? @_merged "async_graphql::MergedObject" "async_graphql::MergedSubscription")) @endpoint.parts
((definition kind: "method" name: _ @endpoint.route receiver: (_) attribute: [(call callee: (_) @_object) (_) @_object]) @endpoint
  (#is? @_object "async_graphql::Object" "async_graphql::Subscription" "juniper::graphql_object" "juniper::graphql_subscription")
  (#set! endpoint.rooted))

((definition kind: "method" name: _ @endpoint.route receiver: (name) @_type attribute: [(call callee: (_) @_object) (_) @_object]) @endpoint
  (#is? @_object "async_graphql::Object" "juniper::graphql_object")
  (#match? @_type "Query(Root)?$|Queries$|^QueryRoot$")
  (#set! endpoint.method "QUERY"))
((definition kind: "method" name: _ @endpoint.route receiver: (name) @_type attribute: [(call callee: (_) @_object) (_) @_object]) @endpoint
  (#is? @_object "async_graphql::Object" "juniper::graphql_object")
  (#match? @_type "Mutation(Root)?$|Mutations$|^MutationRoot$")
  (#set! endpoint.method "MUTATION"))
((definition kind: "method" name: _ @endpoint.route receiver: (name) @_type attribute: [(call callee: (_) @_object) (_) @_object]) @endpoint
  (#is? @_object "async_graphql::Subscription" "juniper::graphql_subscription")
  (#match? @_type "Subscriptions?(Root)?$")
  (#set! endpoint.method "SUBSCRIPTION"))
