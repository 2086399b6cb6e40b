; Advanced Alchemy: services and repositories that a class attribute gives their model (`repository_type.model_type`, `model_type`).
; Models are SQLAlchemy's. Known misses: services that are given their repository only when they are made; what filters look up;
; the repository that a service keeps (`self.repository.list()`).

(stub ["advanced_alchemy.service.SQLAlchemySyncRepositoryService" "advanced_alchemy.service.SQLAlchemyAsyncRepositoryReadService" "advanced_alchemy.service.SQLAlchemySyncRepositoryReadService"
       "advanced_alchemy.extensions.litestar.service.SQLAlchemyAsyncRepositoryService" "advanced_alchemy.extensions.litestar.service.SQLAlchemySyncRepositoryService"
       "advanced_alchemy.extensions.fastapi.service.SQLAlchemyAsyncRepositoryService" "advanced_alchemy.extensions.fastapi.service.SQLAlchemySyncRepositoryService"
       "advanced_alchemy.extensions.flask.service.SQLAlchemyAsyncRepositoryService" "advanced_alchemy.extensions.flask.service.SQLAlchemySyncRepositoryService"
       "advanced_alchemy.extensions.litestar.service.SQLAlchemyAsyncRepositoryReadService" "advanced_alchemy.extensions.litestar.service.SQLAlchemySyncRepositoryReadService"]
  extends: "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService")
(stub ["advanced_alchemy.repository.SQLAlchemySyncRepository" "advanced_alchemy.repository.SQLAlchemyAsyncSlugRepository" "advanced_alchemy.repository.SQLAlchemySyncSlugRepository"
       "advanced_alchemy.extensions.litestar.repository.SQLAlchemyAsyncRepository" "advanced_alchemy.extensions.litestar.repository.SQLAlchemySyncRepository"
       "advanced_alchemy.extensions.litestar.repository.SQLAlchemyAsyncSlugRepository" "advanced_alchemy.extensions.litestar.repository.SQLAlchemySyncSlugRepository"
       "advanced_alchemy.extensions.fastapi.repository.SQLAlchemyAsyncRepository" "advanced_alchemy.extensions.fastapi.repository.SQLAlchemySyncRepository"
       "litestar.plugins.sqlalchemy.repository.SQLAlchemyAsyncRepository" "litestar.plugins.sqlalchemy.repository.SQLAlchemySyncRepository"
       "litestar.contrib.sqlalchemy.repository.SQLAlchemyAsyncRepository" "litestar.contrib.sqlalchemy.repository.SQLAlchemySyncRepository"
       "litestar.repository.SQLAlchemyAsyncRepository" "advanced_alchemy.repository.SQLAlchemyAsyncQueryRepository"]
  extends: "advanced_alchemy.repository.SQLAlchemyAsyncRepository")

(stub ["advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.list" "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.list_and_count"
       "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.count" "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.exists"
       "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.create_many" "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.update_many"
       "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.upsert_many" "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.get_or_upsert"
       "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.get_and_update" "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.delete_many"
       "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.delete_where"] returns: "advanced_alchemy.Rows" of: ["repository_type.model_type"])
(stub ["advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.get" "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.get_one"
       "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.get_one_or_none" "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.create"
       "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.update" "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.upsert"
       "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService.delete"] returns: subject of: ["repository_type.model_type"])
(stub ["advanced_alchemy.repository.SQLAlchemyAsyncRepository.list" "advanced_alchemy.repository.SQLAlchemyAsyncRepository.list_and_count"
       "advanced_alchemy.repository.SQLAlchemyAsyncRepository.count" "advanced_alchemy.repository.SQLAlchemyAsyncRepository.exists"
       "advanced_alchemy.repository.SQLAlchemyAsyncRepository.add_many" "advanced_alchemy.repository.SQLAlchemyAsyncRepository.update_many"
       "advanced_alchemy.repository.SQLAlchemyAsyncRepository.upsert_many" "advanced_alchemy.repository.SQLAlchemyAsyncRepository.get_or_upsert"
       "advanced_alchemy.repository.SQLAlchemyAsyncRepository.get_and_update" "advanced_alchemy.repository.SQLAlchemyAsyncRepository.delete_many"
       "advanced_alchemy.repository.SQLAlchemyAsyncRepository.delete_where" "advanced_alchemy.repository.SQLAlchemyAsyncRepository.get_available_slug"] returns: "advanced_alchemy.Rows" of: ["model_type"])
(stub ["advanced_alchemy.repository.SQLAlchemyAsyncRepository.get" "advanced_alchemy.repository.SQLAlchemyAsyncRepository.get_one"
       "advanced_alchemy.repository.SQLAlchemyAsyncRepository.get_one_or_none" "advanced_alchemy.repository.SQLAlchemyAsyncRepository.add"
       "advanced_alchemy.repository.SQLAlchemyAsyncRepository.update" "advanced_alchemy.repository.SQLAlchemyAsyncRepository.upsert"
       "advanced_alchemy.repository.SQLAlchemyAsyncRepository.delete"] returns: subject of: ["model_type"])
(stub "advanced_alchemy.Rows.[]" returns: subject)

((call receiver: (_) @_service method: _ @access.verb) @access @access.target
  (#type? @_service "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService" "advanced_alchemy.repository.SQLAlchemyAsyncRepository")
  (#set! access.select "get get_one get_one_or_none list list_and_count count exists get_available_slug")
  (#set! access.insert "create create_many add add_many")
  (#set! access.update "update update_many")
  (#set! access.upsert "upsert upsert_many get_or_upsert get_and_update")
  (#set! access.delete "delete delete_many delete_where")
  (#set! access.reads "update update_many upsert upsert_many get_or_upsert get_and_update delete delete_many")
  (#set! access.cascade "row") (#set! access.confidence "likely") (#set! access.foreign))
