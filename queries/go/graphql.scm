; GraphQL servers: gqlgen (resolvers behind the generated contract), graph-gophers/graphql-go (methods of the root resolver).
; The path is the resolver's method in lower camel case: gqlgen calls it like the field with a capital letter (`_add_album` cannot be told from `addAlbum`).
; Known misses: resolvers made of parts where the generated contract is not in the checkout; resolvers of fields of other types.

((definition kind: "method" name: _ @endpoint.method result: (_) @_contract return: (_) @endpoint.handler
  (#match? @_contract "QueryResolver$")
  (#set! endpoint.methods "Query=QUERY RootQuery=QUERY")
  (#set! endpoint.handler "exported") (#set! endpoint.fields)) @endpoint
  (#any-of? @endpoint.method "Query" "RootQuery"))
((definition kind: "method" name: _ @endpoint.method result: (_) @_contract return: (_) @endpoint.handler
  (#match? @_contract "MutationResolver$")
  (#set! endpoint.methods "Mutation=MUTATION RootMutation=MUTATION")
  (#set! endpoint.handler "exported") (#set! endpoint.fields)) @endpoint
  (#any-of? @endpoint.method "Mutation" "RootMutation"))
((definition kind: "method" name: _ @endpoint.method result: (_) @_contract return: (_) @endpoint.handler
  (#match? @_contract "SubscriptionResolver$")
  (#set! endpoint.methods "Subscription=SUBSCRIPTION RootSubscription=SUBSCRIPTION")
  (#set! endpoint.handler "exported") (#set! endpoint.fields)) @endpoint
  (#any-of? @endpoint.method "Subscription" "RootSubscription"))

((call callee: (_) @_parse argument[1]: (_) @endpoint.handler
  (#is? @_parse "github.com/graph-gophers/graphql-go.ParseSchema" "github.com/graph-gophers/graphql-go.MustParseSchema")
  (#set! endpoint.method "GRAPHQL")
  (#set! endpoint.handler "exported") (#set! endpoint.fields)) @endpoint)
