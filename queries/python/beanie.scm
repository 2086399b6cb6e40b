; Beanie: documents with Settings.name, finds on the class, chains, instance methods. Known misses: Link fetches by fetch_links.

((definition kind: "type" member[Settings]: (definition member[name]: (definition value: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "beanie.Document") (#set! store.kind "collection") (#set! entity.columns "fields"))
((definition kind: "type" member[Collection]: (definition member[name]: (definition value: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "beanie.Document") (#set! store.kind "collection") (#set! entity.columns "fields"))
((definition kind: "type") @definition.entity
  (#is? @definition.entity "beanie.Document") (#set! store.kind "collection") (#set! entity.store "{name}") (#set! entity.columns "fields"))

(stub ["beanie.Document.find" "beanie.Document.find_many" "beanie.Document.find_all" "beanie.Document.aggregate" "beanie.Document.all"] returns: "beanie.FindMany" subject: owner)
(stub ["beanie.Document.find_one" "beanie.Document.get"] returns: "beanie.FindOne" subject: owner)
(stub ["beanie.FindMany.*" "beanie.FindOne.*"] returns: self)
(stub ["beanie.FindMany.first_or_none"] returns: subject)
(stub "beanie.Link" wraps: 0)

((call receiver: (_) @access.target method: _ @access.verb) @access
  (#is? @access.target "beanie.Document")
  (#set! access.select "find find_one find_many find_all get all aggregate count distinct")
  (#set! access.insert "insert_one insert_many")
  (#set! access.update "update_all replace_many")
  (#set! access.delete "delete_all"))
((call receiver: (_) @access.target method: _ @access.verb) @access
  (#type? @access.target "beanie.Document")
  (#set! access.insert "insert create") (#set! access.upsert "save upsert") (#set! access.update "update set inc replace save_changes")
  (#set! access.delete "delete") (#set! access.select "sync fetch_link fetch_all_links"))
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "beanie.FindMany" "beanie.FindOne")
  (#set! access.select "to_list count first_or_none aggregate sort limit skip project exists")
  (#set! access.update "update set inc update_many update_one replace_one") (#set! access.upsert "upsert") (#set! access.delete "delete delete_many delete_one"))
