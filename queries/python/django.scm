; Django 2 to 5: models (Meta, abstract, proxy), relations, managers and query sets with their chains, instance methods,
; shortcuts, raw SQL, transactions, URL configurations with include and class-based views, signals' handlers as functions.
; Known misses: what pages of the admin look up for their forms and filters, generic foreign keys, custom database routers.

; ---- models

; A model's table begins with the name of the application around its module, which configuration may call otherwise; what has migrations is one.
((definition kind: "type" member[name]: (definition value: (text) @naming.module)) @naming.part
  (#is? @naming.part "django.apps.AppConfig") (#set! naming.above "1"))
((definition kind: "type" member[name]: (definition value: (text) @naming.module) member[label]: (definition value: (text) @naming.label)) @naming.part
  (#is? @naming.part "django.apps.AppConfig") (#set! naming.above "1"))
((definition kind: "type") @naming.part (#is? @naming.part "django.db.migrations.Migration") (#set! naming.above "2"))
((definition kind: "type" member[Meta]: (definition member[app_label]: (definition value: (text) @naming.label))) @naming.part
  (#is? @naming.part "django.db.models.Model"))
(stub "django.apps.config.AppConfig" same: "django.apps.AppConfig")
(stub "django.db.migrations.migration.Migration" same: "django.db.migrations.Migration")

((definition kind: "type" member[Meta]: (definition member[db_table]: (definition value: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#set! entity.joined "true"))
((definition kind: "type") @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#set! entity.store "{module[models]}_{name|lower}") (#set! entity.joined "true")
  (#set! entity.key "id") (#set! column.own "BIGINT") (#set! entity.part "{name|lower}_ptr_id") (#set! inverse.part "{name|lower}"))
((definition kind: "type" member[Meta]: (definition member[abstract]: (definition value: (constant "True")))) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#set! entity.abstract "true"))
((definition kind: "type" member[Meta]: (definition member[proxy]: (definition value: (constant "True")))) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#set! entity.proxy "true"))
; A metaclass of the program's own that makes a proxy of each class it makes.
((definition kind: "type" member[__new__]: (definition member[Meta]: (definition member[proxy]: (definition value: (constant "True"))))) @definition.entity
  (#is? @definition.entity "django.db.models.base.ModelBase") (#set! entity.proxy "maker"))
((definition kind: "type" attribute: (call callee: (name "class") keyword[metaclass]: (_) @entity.maker)) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#set! entity.proxy "made"))

; Types as PostgreSQL has them.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @column.type)) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @column.type "Field$") (#not-match? @column.type "(ManyToMany|OneToOne)Field$")
  (#set! column.nullable "null=False")
  (#set! column.types "AutoField=INTEGER BigAutoField=BIGINT SmallAutoField=SMALLINT BigIntegerField=BIGINT IntegerField=INTEGER SmallIntegerField=SMALLINT
    PositiveIntegerField=INTEGER PositiveBigIntegerField=BIGINT PositiveSmallIntegerField=SMALLINT BooleanField=BOOLEAN NullBooleanField=BOOLEAN
    CharField=VARCHAR(<max_length>) SlugField=VARCHAR(<max_length>) EmailField=VARCHAR(<max_length>) URLField=VARCHAR(<max_length>) FileField=VARCHAR(<max_length>)
    ImageField=VARCHAR(<max_length>) FilePathField=VARCHAR(<max_length>) TextField=TEXT DateField=DATE DateTimeField=TIMESTAMP_WITH_TIME_ZONE TimeField=TIME
    DurationField=INTERVAL FloatField=DOUBLE_PRECISION DecimalField=NUMERIC(<max_digits>,<decimal_places>) BinaryField=BYTEA UUIDField=UUID JSONField=JSONB
    GenericIPAddressField=INET IPAddressField=INET"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field keyword[primary_key]: (constant "True"))) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "Field$") (#set! column.primary "true"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation])) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "(ForeignKey|ParentalKey)$") (#not-any-of? @_field "GenericForeignKey") (#set! relation.kind "foreign-key") (#set! relation.loads "true")
  (#set! inverse.type "django.db.models.QuerySet") (#set! inverse.query "{name|lower}") (#set! inverse.name "{name|lower}_set"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation])) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "ManyToManyField$") (#set! relation.kind "many-to-many") (#set! relation.link "{store}_{field}") (#set! inverse.query "{name|lower}")
  (#set! inverse.type "django.db.models.QuerySet") (#set! inverse.name "{name|lower}_set"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field keyword[db_column]: (text) @column.name)) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "(Field|ForeignKey|ParentalKey)$") (#not-match? @_field "ManyToMany"))
; No two rows have the same in these.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field keyword[unique]: (constant "True"))) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "Field$") (#set! column.unique "true"))
; The name that the other side gets: `order.items`.
((definition kind: "type" member[*]: (definition kind: "field"
     value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation] keyword[related_name]: (text) @entity.inverse)) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "(ForeignKey|ParentalKey)$") (#not-any-of? @_field "GenericForeignKey") (#set! relation.kind "foreign-key") (#set! relation.loads "true")
  (#set! inverse.words "%(class)s={name|lower} %(app_label)s={module[models]|lower}") (#set! inverse.type "django.db.models.QuerySet") (#set! inverse.query "{name|lower}"))
((definition kind: "type" member[*]: (definition kind: "field"
     value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation] keyword[related_name]: (text) @entity.inverse)) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "ManyToManyField$") (#set! relation.kind "many-to-many") (#set! relation.link "{store}_{field}") (#set! inverse.query "{name|lower}")
  (#set! inverse.words "%(class)s={name|lower} %(app_label)s={module[models]|lower}") (#set! inverse.type "django.db.models.QuerySet"))

; The other side of a one-to-one relation is one instance.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation])) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "OneToOneField$") (#set! relation.kind "foreign-key") (#set! relation.loads "true")
  (#set! inverse.single "true") (#set! inverse.name "{name|lower}") (#set! inverse.query "{name|lower}"))
((definition kind: "type" member[*]: (definition kind: "field"
     value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation] keyword[related_name]: (text) @entity.inverse)) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "OneToOneField$") (#set! relation.kind "foreign-key") (#set! relation.loads "true")
  (#set! inverse.words "%(class)s={name|lower} %(app_label)s={module[models]|lower}") (#set! inverse.single "true") (#set! inverse.query "{name|lower}"))

; The table between, where it has a name or a model of its own; what goes with a deleted row.
((definition kind: "type" member[*]: (definition kind: "field"
     value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation] [keyword[through]: (_) @entity.link keyword[db_table]: (text) @entity.link])) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "ManyToManyField$") (#set! relation.kind "many-to-many") (#set! inverse.query "{name|lower}")
  (#set! inverse.type "django.db.models.QuerySet") (#set! inverse.name "{name|lower}_set"))
((definition kind: "type" member[*]: (definition kind: "field"
     value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation]
       [keyword[through]: (_) @entity.link keyword[db_table]: (text) @entity.link] keyword[related_name]: (text) @entity.inverse)) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "ManyToManyField$") (#set! relation.kind "many-to-many") (#set! inverse.query "{name|lower}")
  (#set! inverse.words "%(class)s={name|lower} %(app_label)s={module[models]|lower}") (#set! inverse.type "django.db.models.QuerySet"))
((definition kind: "type" member[*]: (definition kind: "field"
     value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation] [argument[1]: (_) @_deleted keyword[on_delete]: (_) @_deleted])) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "(ForeignKey|OneToOneField|ParentalKey)$") (#not-any-of? @_field "GenericForeignKey") (#any-of? @_deleted "CASCADE")
  (#set! relation.kind "foreign-key") (#set! relation.loads "true") (#set! relation.cascade "delete"))
((definition kind: "type" member[*]: (definition kind: "field"
     value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation] [argument[1]: (_) @_deleted keyword[on_delete]: (_) @_deleted])) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "(ForeignKey|OneToOneField|ParentalKey)$") (#not-any-of? @_field "GenericForeignKey") (#any-of? @_deleted "SET_NULL" "SET_DEFAULT" "SET")
  (#set! relation.kind "foreign-key") (#set! relation.loads "true") (#set! relation.cascade "update"))

; Rows of any entity that point here: `order.notes`.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation])) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "GenericRelation$") (#set! relation.kind "many-to-many") (#set! relation.cascade "owned") (#set! relation.pointed)
  (#set! inverse.type "django.db.models.QuerySet"))
; The name that queries have for the side that the relation stands on.
((definition kind: "type" member[*]: (definition kind: "field"
     value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation] keyword[related_query_name]: (text) @entity.inverse)) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "GenericRelation$") (#set! relation.kind "many-to-many") (#set! relation.cascade "owned") (#set! relation.pointed)
  (#set! inverse.words "%(class)s={name|lower} %(app_label)s={module[models]|lower}") (#set! inverse.type "django.db.models.QuerySet") (#set! inverse.query "{name|lower}"))
((definition kind: "type" member[*]: (definition kind: "field"
     value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[to]: (_) @entity.relation] keyword[related_name]: (text) keyword[related_query_name]: (text) @entity.inverse)) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "(ForeignKey|ParentalKey|OneToOneField)$") (#not-any-of? @_field "GenericForeignKey") (#set! relation.kind "foreign-key") (#set! relation.loads "true")
  (#set! inverse.words "%(class)s={name|lower} %(app_label)s={module[models]|lower}") (#set! inverse.query "{name|lower}"))
; The other way: `note.order` is a row of one of the entities that point back so.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field)) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "GenericForeignKey$") (#set! relation.kind "any"))

; Tags whose table between has a model of the program's own.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field keyword[through]: (_) @entity.relation)) @entity.column) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @_field "TaggableManager$") (#set! relation.kind "many-to-many") (#set! relation.cascade "owned")
  (#set! inverse.type "django.db.models.QuerySet"))

; Histories: each row that is saved or deleted one by one leaves one more in the table beside.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_records)) @entity.history) @definition.entity
  (#is? @_records "simple_history.models.HistoricalRecords") (#set! history.store "{module[models]}_historical{name|lower}") (#set! history.type "django.db.models.QuerySet"))
((call receiver: (_) @_log method: "register" argument[0]: (_) @entity.of)
  (#is? @_log "auditlog.registry.auditlog") (#set! history.store "auditlog_logentry"))

; What has columns is a model, also where its base is a class of another package.
((definition kind: "type" base: (_) member[*]: (definition kind: "field" name: _ @_name value: (call callee: (_) @_field))) @definition.entity
  (#is? @_field "django.db.models.*") (#match? @_field "(Field|ForeignKey)$") (#not-any-of? @_name "output_field") (#not-is? @definition.entity "django.*")
  (#set! entity.extends "django.db.models.Model"))

; Groups and permissions of the program's own users, each with a table between.
((definition kind: "type") @definition.entity
  (#is? @definition.entity "django.contrib.auth.models.PermissionsMixin") (#set! entity.brings "groups=django.contrib.auth.models.Group user_permissions=django.contrib.auth.models.Permission")
  (#set! relation.link "{store}_{field}") (#set! inverse.name "user_set") (#set! inverse.query "user") (#set! inverse.type "django.db.models.QuerySet"))

; ---- models that others bring, and models by their names

(stub "django.contrib.auth.models.User" extends: "django.db.models.Model" subject: "auth_user")
(stub "django.contrib.auth.models.Group" extends: "django.db.models.Model" subject: "auth_group")
(stub "django.contrib.auth.models.Permission" extends: "django.db.models.Model" subject: "auth_permission")
(stub "django.contrib.contenttypes.models.ContentType" extends: "django.db.models.Model" subject: "django_content_type")
(stub "django.contrib.sessions.models.Session" extends: "django.db.models.Model" subject: "django_session")
(stub "django.contrib.sites.models.Site" extends: "django.db.models.Model" subject: "django_site")
(stub "django.contrib.admin.models.LogEntry" extends: "django.db.models.Model" subject: "django_admin_log")
(stub "django.contrib.flatpages.models.FlatPage" extends: "django.db.models.Model" subject: "django_flatpage")
(stub "rest_framework.authtoken.models.Token" extends: "django.db.models.Model" subject: "authtoken_token")
; Models of packages that many install: their tables are theirs.
(stub "allauth.account.models.EmailAddress" extends: "django.db.models.Model" subject: "account_emailaddress")
(stub "allauth.account.models.EmailConfirmation" extends: "django.db.models.Model" subject: "account_emailconfirmation")
(stub "allauth.socialaccount.models.SocialAccount" extends: "django.db.models.Model" subject: "socialaccount_socialaccount")
(stub "allauth.socialaccount.models.SocialApp" extends: "django.db.models.Model" subject: "socialaccount_socialapp")
(stub "allauth.socialaccount.models.SocialToken" extends: "django.db.models.Model" subject: "socialaccount_socialtoken")
(stub "allauth.mfa.models.Authenticator" extends: "django.db.models.Model" subject: "mfa_authenticator")
(stub "tastypie.models.ApiKey" extends: "django.db.models.Model" subject: "tastypie_apikey")
(stub "oidc_provider.models.Client" extends: "django.db.models.Model" subject: "oidc_provider_client")
(stub "oidc_provider.models.Token" extends: "django.db.models.Model" subject: "oidc_provider_token")
(stub "oidc_provider.models.Code" extends: "django.db.models.Model" subject: "oidc_provider_code")
(stub "oidc_provider.models.UserConsent" extends: "django.db.models.Model" subject: "oidc_provider_userconsent")
(stub "oidc_provider.models.RSAKey" extends: "django.db.models.Model" subject: "oidc_provider_rsakey")
(stub "taggit.models.Tag" extends: "django.db.models.Model" subject: "taggit_tag")
(stub "taggit.models.TaggedItem" extends: "django.db.models.Model" subject: "taggit_taggeditem")
(stub "waffle.models.Flag" extends: "django.db.models.Model" subject: "waffle_flag")
(stub "waffle.models.Switch" extends: "django.db.models.Model" subject: "waffle_switch")
(stub "waffle.models.Sample" extends: "django.db.models.Model" subject: "waffle_sample")
(stub "guardian.models.UserObjectPermission" extends: "django.db.models.Model" subject: "guardian_userobjectpermission")
(stub "guardian.models.GroupObjectPermission" extends: "django.db.models.Model" subject: "guardian_groupobjectpermission")
(stub "oauth2_provider.models.Application" extends: "django.db.models.Model" subject: "oauth2_provider_application")
(stub "oauth2_provider.models.AccessToken" extends: "django.db.models.Model" subject: "oauth2_provider_accesstoken")
(stub "oauth2_provider.models.RefreshToken" extends: "django.db.models.Model" subject: "oauth2_provider_refreshtoken")
(stub "oauth2_provider.models.Grant" extends: "django.db.models.Model" subject: "oauth2_provider_grant")
(stub "oauth2_provider.models.IDToken" extends: "django.db.models.Model" subject: "oauth2_provider_idtoken")
(stub "django_celery_beat.models.PeriodicTask" extends: "django.db.models.Model" subject: "django_celery_beat_periodictask")
(stub "django_celery_beat.models.IntervalSchedule" extends: "django.db.models.Model" subject: "django_celery_beat_intervalschedule")
(stub "django_celery_beat.models.CrontabSchedule" extends: "django.db.models.Model" subject: "django_celery_beat_crontabschedule")
(stub "django_celery_beat.models.ClockedSchedule" extends: "django.db.models.Model" subject: "django_celery_beat_clockedschedule")
(stub "django_celery_beat.models.SolarSchedule" extends: "django.db.models.Model" subject: "django_celery_beat_solarschedule")
(stub "django_celery_results.models.TaskResult" extends: "django.db.models.Model" subject: "django_celery_results_taskresult")
(stub "django_celery_results.models.GroupResult" extends: "django.db.models.Model" subject: "django_celery_results_groupresult")
(stub "rest_framework_simplejwt.token_blacklist.models.OutstandingToken" extends: "django.db.models.Model" subject: "token_blacklist_outstandingtoken")
(stub "rest_framework_simplejwt.token_blacklist.models.BlacklistedToken" extends: "django.db.models.Model" subject: "token_blacklist_blacklistedtoken")
(stub "axes.models.AccessAttempt" extends: "django.db.models.Model" subject: "axes_accessattempt")
(stub "axes.models.AccessLog" extends: "django.db.models.Model" subject: "axes_accesslog")
(stub "axes.models.AccessFailureLog" extends: "django.db.models.Model" subject: "axes_accessfailurelog")
(stub "reversion.models.Version" extends: "django.db.models.Model" subject: "reversion_version")
(stub "reversion.models.Revision" extends: "django.db.models.Model" subject: "reversion_revision")
(stub "django_otp.plugins.otp_totp.models.TOTPDevice" extends: "django.db.models.Model" subject: "otp_totp_totpdevice")
(stub "django_otp.plugins.otp_static.models.StaticDevice" extends: "django.db.models.Model" subject: "otp_static_staticdevice")
(stub "django_otp.plugins.otp_static.models.StaticToken" extends: "django.db.models.Model" subject: "otp_static_statictoken")
(stub "knox.models.AuthToken" extends: "django.db.models.Model" subject: "knox_authtoken")
(stub "django_q.models.Task" extends: "django.db.models.Model" subject: "django_q_task")
(stub "django_q.models.Schedule" extends: "django.db.models.Model" subject: "django_q_schedule")
(stub "django_q.models.OrmQ" extends: "django.db.models.Model" subject: "django_q_ormq")
(stub "djstripe.models.Account" extends: "django.db.models.Model" subject: "djstripe_account")
(stub "djstripe.models.APIKey" extends: "django.db.models.Model" subject: "djstripe_apikey")
(stub "djstripe.models.Charge" extends: "django.db.models.Model" subject: "djstripe_charge")
(stub "djstripe.models.Customer" extends: "django.db.models.Model" subject: "djstripe_customer")
(stub "djstripe.models.Event" extends: "django.db.models.Model" subject: "djstripe_event")
(stub "djstripe.models.Invoice" extends: "django.db.models.Model" subject: "djstripe_invoice")
(stub "djstripe.models.PaymentIntent" extends: "django.db.models.Model" subject: "djstripe_paymentintent")
(stub "djstripe.models.PaymentMethod" extends: "django.db.models.Model" subject: "djstripe_paymentmethod")
(stub "djstripe.models.Plan" extends: "django.db.models.Model" subject: "djstripe_plan")
(stub "djstripe.models.Price" extends: "django.db.models.Model" subject: "djstripe_price")
(stub "djstripe.models.Product" extends: "django.db.models.Model" subject: "djstripe_product")
(stub "djstripe.models.Session" extends: "django.db.models.Model" subject: "djstripe_session")
(stub "djstripe.models.Subscription" extends: "django.db.models.Model" subject: "djstripe_subscription")
(stub "djstripe.models.SubscriptionItem" extends: "django.db.models.Model" subject: "djstripe_subscriptionitem")
(stub "djstripe.models.WebhookEndpoint" extends: "django.db.models.Model" subject: "djstripe_webhookendpoint")
(stub "auditlog.models.LogEntry" extends: "django.db.models.Model" subject: "auditlog_logentry")
(stub "actstream.models.Action" extends: "django.db.models.Model" subject: "actstream_action")
(stub "actstream.models.Follow" extends: "django.db.models.Model" subject: "actstream_follow")
(stub "post_office.models.Email" extends: "django.db.models.Model" subject: "post_office_email")
(stub "post_office.models.EmailTemplate" extends: "django.db.models.Model" subject: "post_office_emailtemplate")
(stub "post_office.models.Attachment" extends: "django.db.models.Model" subject: "post_office_attachment")
(stub "post_office.models.Log" extends: "django.db.models.Model" subject: "post_office_log")
(stub "rest_framework_api_key.models.APIKey" extends: "django.db.models.Model" subject: "rest_framework_api_key_apikey")
(stub "notifications.models.Notification" extends: "django.db.models.Model" subject: "notifications_notification")
(stub "social_django.models.UserSocialAuth" extends: "django.db.models.Model" subject: "social_auth_usersocialauth")
(stub "django_comments.models.Comment" extends: "django.db.models.Model" subject: "django_comments")
(stub "background_task.models.Task" extends: "django.db.models.Model" subject: "background_task")
(stub "background_task.models.CompletedTask" extends: "django.db.models.Model" subject: "background_task_completedtask")
(stub "django.contrib.redirects.models.Redirect" extends: "django.db.models.Model" subject: "django_redirect")
(stub "account.EmailAddress" same: "allauth.account.models.EmailAddress")
(stub "socialaccount.SocialAccount" same: "allauth.socialaccount.models.SocialAccount")
(stub "taggit.Tag" same: "taggit.models.Tag")
(stub "oauth2_provider.Application" same: "oauth2_provider.models.Application")
(stub "django_celery_beat.PeriodicTask" same: "django_celery_beat.models.PeriodicTask")
(stub "djstripe.Customer" same: "djstripe.models.Customer")
(stub "djstripe.Subscription" same: "djstripe.models.Subscription")
(stub ["auth.User" "AUTH_USER_MODEL"] same: "django.contrib.auth.models.User")
(stub "django.conf.settings.AUTH_USER_MODEL" is: entity[AUTH_USER_MODEL])
(stub ["django.contrib.auth.authenticate" "django.contrib.auth.get_user"] is: entity[AUTH_USER_MODEL])
(stub "auth.Group" same: "django.contrib.auth.models.Group")
(stub "auth.Permission" same: "django.contrib.auth.models.Permission")
(stub ["contenttypes.ContentType" "contenttypes.contenttype"] same: "django.contrib.contenttypes.models.ContentType")
(stub "sites.Site" same: "django.contrib.sites.models.Site")
(stub "django.conf.settings.*" is: setting[settings])
(stub "django.contrib.auth.get_user_model" returns: entity[AUTH_USER_MODEL])
(stub ["django.apps.apps.get_model" "django.apps.apps.get_registered_model" "django.db.models.get_model" "django.db.models.loading.get_model"] returns: entity)
(stub "(request)" is: "django.http.HttpRequest")
; Functions that a framework calls are given whoever is logged in under this name.
(stub "(user)" is: entity[AUTH_USER_MODEL] of: ["django" "rest_framework"])
; The registry that a data migration gets.
(stub "(apps)" is: "django.apps.registry.Apps")
(stub ["django.apps.registry.Apps.get_model" "django.db.migrations.state.StateApps.get_model"] returns: entity)
(stub ["django.http.request.HttpRequest" "django.core.handlers.wsgi.WSGIRequest" "rest_framework.request.Request"] same: "django.http.HttpRequest")
(stub "django.http.HttpRequest.user" is: entity[AUTH_USER_MODEL])
(stub "django.http.HttpRequest.site" is: "django.contrib.sites.models.Site")
(stub ["django.views.generic.base.View.request" "django.views.generic.View.request" "rest_framework.views.APIView.request"] is: "django.http.HttpRequest")

; How rows of these are related, in tables of their own; of users of the program's own see above.
(stub "AUTH_USER_MODEL.groups" relates: "django.contrib.auth.models.Group" by: "django.db.models.QuerySet" between: "auth_user_groups" inverse: ["user_set" "user"])
(stub "AUTH_USER_MODEL.user_permissions" relates: "django.contrib.auth.models.Permission" by: "django.db.models.QuerySet" between: "auth_user_user_permissions" inverse: ["user_set" "user"])
(stub "django.contrib.auth.models.Group.permissions" relates: "django.contrib.auth.models.Permission" by: "django.db.models.QuerySet" between: "auth_group_permissions" inverse: ["group_set" "group"])
(stub "django.contrib.auth.models.Permission.content_type" relates: "django.contrib.contenttypes.models.ContentType" by: "django.db.models.QuerySet" inverse: ["permission_set" "permission"])
(stub "django.contrib.admin.models.LogEntry.content_type" relates: "django.contrib.contenttypes.models.ContentType" by: "django.db.models.QuerySet" inverse: ["logentry_set" "logentry"])
(stub "django.contrib.admin.models.LogEntry.user" relates: "AUTH_USER_MODEL" by: "django.db.models.QuerySet" inverse: ["logentry_set" "logentry"])
(stub "rest_framework.authtoken.models.Token.user" relates: "AUTH_USER_MODEL")
(stub "allauth.account.models.EmailAddress.user" relates: "AUTH_USER_MODEL" by: "django.db.models.QuerySet" inverse: ["emailaddress_set" "emailaddress"])
(stub "allauth.account.models.EmailConfirmation.email_address" relates: "allauth.account.models.EmailAddress" by: "django.db.models.QuerySet" inverse: ["emailconfirmation_set" "emailconfirmation"])
(stub "allauth.socialaccount.models.SocialAccount.user" relates: "AUTH_USER_MODEL" by: "django.db.models.QuerySet" inverse: ["socialaccount_set" "socialaccount"])
(stub "allauth.socialaccount.models.SocialToken.account" relates: "allauth.socialaccount.models.SocialAccount" by: "django.db.models.QuerySet" inverse: ["socialtoken_set" "socialtoken"])
(stub ["allauth.mfa.models.Authenticator.user" "tastypie.models.ApiKey.user" "oidc_provider.models.UserConsent.user"] relates: "AUTH_USER_MODEL")
(stub ["oidc_provider.models.Token.client" "oidc_provider.models.Code.client" "oidc_provider.models.UserConsent.client"] relates: "oidc_provider.models.Client")
(stub "allauth.socialaccount.models.SocialToken.app" relates: "allauth.socialaccount.models.SocialApp" by: "django.db.models.QuerySet" inverse: ["socialtoken_set" "socialtoken"])
(stub ["guardian.models.UserObjectPermission.permission" "guardian.models.GroupObjectPermission.permission"] relates: "django.contrib.auth.models.Permission")
(stub ["guardian.models.UserObjectPermission.content_type" "guardian.models.GroupObjectPermission.content_type"] relates: "django.contrib.contenttypes.models.ContentType")
(stub "guardian.models.UserObjectPermission.user" relates: "AUTH_USER_MODEL" by: "django.db.models.QuerySet" inverse: ["userobjectpermission_set" "userobjectpermission"])
(stub "guardian.models.GroupObjectPermission.group" relates: "django.contrib.auth.models.Group" by: "django.db.models.QuerySet" inverse: ["groupobjectpermission_set" "groupobjectpermission"])
(stub "taggit.models.TaggedItem.tag" relates: "taggit.models.Tag" by: "django.db.models.QuerySet" inverse: ["taggit_taggeditem_items"])
(stub "taggit.models.TaggedItem.content_type" relates: "django.contrib.contenttypes.models.ContentType")
(stub ["oauth2_provider.models.AccessToken.user" "oauth2_provider.models.RefreshToken.user" "oauth2_provider.models.Application.user"] relates: "AUTH_USER_MODEL")
(stub ["oauth2_provider.models.AccessToken.application" "oauth2_provider.models.RefreshToken.application"] relates: "oauth2_provider.models.Application")
(stub "oauth2_provider.models.RefreshToken.access_token" relates: "oauth2_provider.models.AccessToken")
(stub "django_celery_beat.models.PeriodicTask.interval" relates: "django_celery_beat.models.IntervalSchedule" by: "django.db.models.QuerySet" inverse: ["periodictask_set" "periodictask"])
(stub "django_celery_beat.models.PeriodicTask.crontab" relates: "django_celery_beat.models.CrontabSchedule" by: "django.db.models.QuerySet" inverse: ["periodictask_set" "periodictask"])
(stub "django_celery_beat.models.PeriodicTask.clocked" relates: "django_celery_beat.models.ClockedSchedule" by: "django.db.models.QuerySet" inverse: ["periodictask_set" "periodictask"])
(stub "reversion.models.Version.revision" relates: "reversion.models.Revision" by: "django.db.models.QuerySet" inverse: ["version_set" "version"])
(stub "reversion.models.Version.content_type" relates: "django.contrib.contenttypes.models.ContentType")
(stub "reversion.models.Revision.user" relates: "AUTH_USER_MODEL")
(stub "django_otp.plugins.otp_totp.models.TOTPDevice.user" relates: "AUTH_USER_MODEL" by: "django.db.models.QuerySet" inverse: ["totpdevice_set" "totpdevice"])
(stub "django_otp.plugins.otp_static.models.StaticDevice.user" relates: "AUTH_USER_MODEL" by: "django.db.models.QuerySet" inverse: ["staticdevice_set" "staticdevice"])
(stub "django_otp.plugins.otp_static.models.StaticToken.device" relates: "django_otp.plugins.otp_static.models.StaticDevice" by: "django.db.models.QuerySet" inverse: ["token_set" "token"])
(stub "knox.models.AuthToken.user" relates: "AUTH_USER_MODEL" by: "django.db.models.QuerySet" inverse: ["auth_token_set" "auth_token"])
(stub "social_django.models.UserSocialAuth.user" relates: "AUTH_USER_MODEL" by: "django.db.models.QuerySet" inverse: ["social_auth" "social_auth"])

; A query for a polymorphic model reads the parts of its rows that stand in the tables of the models below.
((definition kind: "type") @definition.entity
  (#is? @definition.entity "polymorphic.models.PolymorphicModel" "polymorphic.base.PolymorphicModel") (#set! entity.store "{module[models]}_{name|lower}")
  (#set! entity.joined "true") (#set! entity.whole "true"))

; ---- managers and query sets

; The table between two entities: `Order.tags.through.objects`.
(stub "django.db.models.QuerySet.through" same: "django.db.models.Model")

; The name of a model's table in a text.
(stub "django.db.models.Model._meta" is: "django.db.models.options.Options" subject: owner)
(stub "django.db.models.options.Options.db_table" is: store)
(stub ["django.db.models.Model.objects" "django.db.models.Model._default_manager" "django.db.models.Model._base_manager"] is: "django.db.models.Manager" subject: owner)
(stub "django.db.models.QuerySet" is: "django.db.models.QuerySet" subject: owner)
(stub ["django.db.models.query.QuerySet" "django.db.models.manager.Manager" "django.db.models.manager.BaseManager" "django.db.models.Manager"
       "django.contrib.auth.models.UserManager" "django.contrib.auth.models.BaseUserManager" "django.contrib.auth.base_user.BaseUserManager"] extends: "django.db.models.QuerySet")
; Managers and query sets of packages.
(stub ["model_utils.models.SoftDeletableModel.all_objects" "model_utils.models.SoftDeletableModel.available_objects"] is: "django.db.models.Manager" subject: owner)
(stub ["softdelete.models.SoftDeleteManager" "softdelete.models.SoftDeleteQuerySet" "safedelete.managers.SafeDeleteManager" "safedelete.managers.SafeDeleteAllManager"
       "safedelete.managers.SafeDeleteDeletedManager" "safedelete.queryset.SafeDeleteQueryset" "model_utils.managers.InheritanceManager" "model_utils.managers.InheritanceQuerySet"
       "model_utils.managers.SoftDeletableManager" "model_utils.managers.SoftDeletableQuerySet" "model_utils.managers.QueryManager" "polymorphic.managers.PolymorphicManager" "polymorphic.managers.PolymorphicQuerySet"
       "polymorphic.query.PolymorphicQuerySet" "mptt.managers.TreeManager" "mptt.models.TreeManager" "mptt.querysets.TreeQuerySet" "treebeard.mp_tree.MP_NodeManager" "treebeard.mp_tree.MP_NodeQuerySet"
       "treebeard.ns_tree.NS_NodeManager" "treebeard.ns_tree.NS_NodeQuerySet" "treebeard.al_tree.AL_NodeManager" "ordered_model.models.OrderedModelManager" "ordered_model.models.OrderedModelQuerySet"
       "parler.managers.TranslatableManager" "parler.managers.TranslatableQuerySet" "rest_framework_api_key.models.APIKeyManager" "rest_framework_api_key.models.BaseAPIKeyManager"
       "wagtail.models.PageManager" "wagtail.query.PageQuerySet" "django_cte.CTEManager" "django_cte.CTEQuerySet" "django.contrib.sites.managers.CurrentSiteManager" "django.contrib.gis.db.models.Manager"
       "psqlextra.manager.PostgresManager" "psqlextra.query.PostgresQuerySet" "simple_history.manager.HistoryManager"] extends: "django.db.models.Manager")
; Rows of a tree give the rows around them.
(stub ["mptt.models.MPTTModel.get_children" "mptt.models.MPTTModel.get_ancestors" "mptt.models.MPTTModel.get_descendants" "mptt.models.MPTTModel.get_family"
       "mptt.models.MPTTModel.get_leafnodes" "mptt.models.MPTTModel.get_siblings"] returns: "django.db.models.QuerySet")
(stub ["mptt.models.MPTTModel.get_root" "mptt.models.MPTTModel.get_next_sibling" "mptt.models.MPTTModel.get_previous_sibling"] returns: subject)
(stub ["treebeard.mp_tree.MP_Node" "treebeard.al_tree.AL_Node" "treebeard.ns_tree.NS_Node"] extends: "treebeard.models.Node")
(stub ["treebeard.models.Node.get_children" "treebeard.models.Node.get_ancestors" "treebeard.models.Node.get_descendants" "treebeard.models.Node.get_siblings"
       "treebeard.models.Node.get_tree" "treebeard.models.Node.get_root_nodes"] returns: "django.db.models.QuerySet")
(stub ["treebeard.models.Node.get_root" "treebeard.models.Node.get_parent" "treebeard.models.Node.get_first_child" "treebeard.models.Node.get_last_child"
       "treebeard.models.Node.get_first_sibling" "treebeard.models.Node.get_last_sibling" "treebeard.models.Node.get_next_sibling" "treebeard.models.Node.get_prev_sibling"
       "treebeard.models.Node.add_child" "treebeard.models.Node.add_sibling" "treebeard.models.Node.add_root"] returns: subject)
; Managers of packages that nobody described, where a model keeps its own.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @entity.manager))) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#match? @entity.manager "(Manager|Query[sS]et)$") (#not-match? @entity.manager "Taggable")
  (#set! manager.extends "django.db.models.Manager"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call receiver: (_) @entity.manager method: "as_manager"))) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#set! manager.extends "django.db.models.QuerySet"))
; A query set that a manager makes for its model: `OrderQuery(self.model, using=self._db)`.
((call callee: [(name) (member)] @entity.manager argument[0]: (member base: (name "self") name: "model"))
  (#match? @entity.manager "(^|\\.)[A-Z]") (#set! manager.made "true"))
(stub ["django.db.models.Manager.from_queryset" "django.db.models.QuerySet.from_queryset"] returns: argument[0])
(stub "django.db.models.QuerySet.*" returns: self)
; What is no query any more.
(stub ["django.db.models.QuerySet.count" "django.db.models.QuerySet.exists" "django.db.models.QuerySet.acount" "django.db.models.QuerySet.aexists" "django.db.models.QuerySet.contains"
       "django.db.models.QuerySet.aggregate" "django.db.models.QuerySet.aaggregate" "django.db.models.QuerySet.delete" "django.db.models.QuerySet.adelete"
       "django.db.models.QuerySet.update" "django.db.models.QuerySet.aupdate"] returns: "django.db.models.Answer")
; `self.model(..)` in a manager makes a row of the model that has the manager; `orders.model.objects` asks that model.
(stub "django.db.models.QuerySet.model" is: entity)
; `order.lines(manager="kept")` is the relation by another manager.
(stub "django.db.models.QuerySet.()" returns: "django.db.models.QuerySet")
(stub ["django.db.models.QuerySet.get" "django.db.models.QuerySet.first" "django.db.models.QuerySet.last" "django.db.models.QuerySet.latest" "django.db.models.QuerySet.earliest"
       "django.db.models.QuerySet.create" "django.db.models.QuerySet.get_or_create" "django.db.models.QuerySet.update_or_create" "django.db.models.QuerySet.create_user"
       "django.db.models.QuerySet.aget" "django.db.models.QuerySet.afirst" "django.db.models.QuerySet.acreate" "django.db.models.QuerySet.aget_or_create"
       "django.db.models.QuerySet.[]" "django.db.models.QuerySet.create_superuser" "django.db.models.QuerySet.most_recent"] returns: subject)
; A row is also the first of the two that `get_or_create(..)` gives.
(stub "django.db.models.Model.[]" returns: self)
(stub ["django.db.models.base.Model" "django.contrib.gis.db.models.Model"] same: "django.db.models.Model")
(stub "django.contrib.auth.models.AbstractUser" extends: "django.contrib.auth.models.PermissionsMixin")
(stub ["django.contrib.auth.models.AbstractBaseUser" "django.contrib.auth.base_user.AbstractBaseUser" "django.contrib.auth.models.PermissionsMixin"
       "mptt.models.MPTTModel" "polymorphic.models.PolymorphicModel" "model_utils.models.TimeStampedModel" "model_utils.models.SoftDeletableModel"
       "model_utils.models.StatusModel" "model_utils.models.TimeFramedModel" "model_utils.models.UUIDModel" "django_extensions.db.models.TimeStampedModel"
       "django_extensions.db.models.TitleSlugDescriptionModel" "django_extensions.db.models.ActivatorModel" "taggit.models.TagBase" "taggit.models.ItemBase"
       "taggit.models.GenericTaggedItemBase" "taggit.models.CommonGenericTaggedItemBase" "taggit.models.GenericUUIDTaggedItemBase" "taggit.models.TaggedItemBase"
       "treebeard.mp_tree.MP_Node" "treebeard.al_tree.AL_Node" "treebeard.ns_tree.NS_Node" "parler.models.TranslatableModel" "parler.models.TranslatedFieldsModel"
       "django.contrib.gis.db.models.Model" "django_tenants.models.TenantMixin" "django_tenants.models.DomainMixin" "safedelete.models.SafeDeleteModel"
       "ordered_model.models.OrderedModel" "ordered_model.models.OrderedModelBase" "solo.models.SingletonModel" "wagtail.models.Page" "wagtail.core.models.Page"
       "django.contrib.sessions.base_session.AbstractBaseSession" "oauth2_provider.models.AbstractApplication" "rest_framework_api_key.models.AbstractAPIKey"] extends: "django.db.models.Model")
(stub ["django.shortcuts.get_object_or_404" "django.shortcuts.get_list_or_404" "django.shortcuts.aget_object_or_404" "rest_framework.generics.get_object_or_404"] returns: instance[0])

((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "django.db.models.QuerySet")
  (#set! access.also "relation")
  (#set! access.lookups "exact iexact contains icontains in gt gte lt lte startswith istartswith endswith iendswith range date year month day week hour minute isnull search regex iregex id pk")
  (#set! access.select "all filter exclude get first last latest earliest exists count aggregate annotate values values_list order_by distinct select_related prefetch_related only defer reverse union intersection difference in_bulk iterator dates datetimes alias extra select_for_update contains explain aget afirst alast acount aexists aiterator aaggregate ain_bulk")
  (#set! access.insert "create bulk_create acreate abulk_create create_user create_superuser create_key log_action log_actions")
  (#set! access.update "update bulk_update aupdate abulk_update add set remove clear")
  (#set! access.upsert "get_or_create update_or_create aget_or_create aupdate_or_create")
  (#set! access.reads "set aset get_or_create update_or_create aget_or_create aupdate_or_create")
  (#set! access.link "add=insert aadd=insert set=update aset=update remove=delete aremove=delete clear=delete aclear=delete")
  (#set! access.cascade "query") (#set! access.loaded "all") (#set! access.between "count exists acount aexists")
  (#set! access.lazy "all filter exclude annotate values values_list order_by distinct select_related prefetch_related only defer reverse union intersection difference dates datetimes alias extra select_for_update")
  (#set! access.recorded "create acreate create_user create_superuser get_or_create update_or_create aget_or_create aupdate_or_create delete adelete")
  (#set! access.delete "delete adelete"))
; A model of a package that nobody described.
((call receiver: (member base: [(name) (member)] @access.stranger name: "objects") method: _)
  (#match? @access.stranger "(^|\\.)[A-Z]\\w*[a-z]\\w*$"))
; A model that only the run time chooses.
((call receiver: (member base: (name) @access.stranger name: "objects") method: _)
  (#match? @access.stranger "(?i:model)|^[A-Z]\\w*[a-z]\\w*$") (#set! access.unknown))
; What a manager's own `get_queryset` asks for is read along by whatever begins with the manager.
((call receiver: (_) @access.receiver method: ["all" "filter" "exclude" "get" "first" "last" "latest" "earliest" "exists" "count" "aggregate" "annotate" "values" "values_list" "order_by" "distinct"
   "select_related" "prefetch_related" "only" "defer" "in_bulk" "iterator" "dates" "datetimes" "alias" "select_for_update" "aget" "afirst" "alast" "acount" "aexists" "get_or_create" "update_or_create"]) @access
  (#type? @access.receiver "django.db.models.QuerySet") (#set! operation "kept") (#set! access.keeper "get_queryset"))
((call receiver: (_) @access.receiver method: "_raw_delete") @access
  (#type? @access.receiver "django.db.models.QuerySet") (#set! operation "delete"))
((call receiver: (_) @access.receiver method: ["select_related" "prefetch_related"] argument[*]: (text) @access.column) @access
  (#type? @access.receiver "django.db.models.QuerySet")
  (#set! access.also "relation") (#set! operation "select")
  (#set! access.lazy "all filter exclude annotate values values_list order_by distinct select_related prefetch_related only defer reverse union intersection difference dates datetimes alias extra select_for_update"))
; Names that a list keeps: `select_related(*NAMES)`.
((call receiver: (_) @access.receiver method: ["select_related" "prefetch_related"] argument[-1]: [(name) (member)] @access.column) @access
  (#type? @access.receiver "django.db.models.QuerySet")
  (#set! access.also "relation") (#set! operation "select")
  (#set! access.lazy "all filter exclude annotate values values_list order_by distinct select_related prefetch_related only defer reverse union intersection difference dates datetimes alias extra select_for_update"))
; A key that is asked for joins nothing: `values("customer")`.
((call receiver: (_) @access.receiver method: ["values" "values_list" "order_by" "only" "defer"] argument[*]: (text) @access.column) @access
  (#type? @access.receiver "django.db.models.QuerySet")
  (#set! access.also "path") (#set! operation "select")
  (#set! access.lazy "all filter exclude annotate values values_list order_by distinct select_related prefetch_related only defer reverse union intersection difference dates datetimes alias extra select_for_update"))
; A query built elsewhere runs where it is consumed.
((call callee: (name ["list" "tuple" "set" "sorted" "len" "bool" "next" "iter" "enumerate" "sum" "any" "all"]) argument[0]: (_) @access.receiver) @access
  (#type? @access.receiver "django.db.models.QuerySet") (#set! operation "select"))
; A list, a set or a text that takes its rows runs it too.
((call receiver: (_) method: ["extend" "update" "join" "difference_update"] argument[0]: (_) @access.receiver) @access
  (#type? @access.receiver "django.db.models.QuerySet") (#set! operation "select"))
((call receiver: (_) @access.target method: _ @access.verb) @access
  (#type? @access.target "django.db.models.Model")
  (#set! access.upsert "save asave save_base") (#set! access.delete "delete adelete") (#set! access.recorded "save asave save_base delete adelete") (#set! access.cascade "row") (#set! access.select "refresh_from_db arefresh_from_db")
  ; A method of the project's own that calls none of the library's is what happens to the row.
  (#set! access.origin "pk id") (#set! access.changes "update_fields")
  (#set! access.answers "save asave delete adelete") (#set! access.instead "save asave save_base update aupdate"))
((call callee: (_) @_shortcut argument[0]: (_) @access.target) @access
  (#is? @_shortcut "django.shortcuts.get_object_or_404" "django.shortcuts.get_list_or_404" "django.shortcuts.aget_object_or_404" "rest_framework.generics.get_object_or_404")
  (#set! operation "select") (#set! access.also "relation")
  (#set! access.lookups "exact iexact contains icontains in gt gte lt lte startswith istartswith endswith iendswith range date year month day week hour minute isnull search regex iregex id pk"))
((call callee: (_) @_prefetch argument[0]: (_) @access.target argument[*]: (text) @access.column) @access
  (#is? @_prefetch "django.db.models.prefetch_related_objects" "django.db.models.query.prefetch_related_objects" "django.db.models.aprefetch_related_objects")
  (#set! operation "select") (#set! access.also "relation"))
; The site that the settings name, kept once it was read.
(stub "django.db.models.QuerySet.get_current" returns: subject)
(stub "django.contrib.sites.shortcuts.get_current_site" returns: "django.contrib.sites.models.Site" subject: "django_site")
((call receiver: (_) @access.receiver method: "get_current") @access
  (#type? @access.receiver "django.db.models.QuerySet") (#set! operation "select") (#set! access.confidence "likely") (#set! access.foreign))
((call callee: (_) @_shortcut) @access
  (#is? @_shortcut "django.contrib.sites.shortcuts.get_current_site") (#set! operation "select") (#set! access.store "django_site") (#set! access.confidence "guess"))
; Which model a row of the registry of models is about; what was asked before is kept.
(stub ["django.db.models.QuerySet.get_for_model" "django.db.models.QuerySet.get_for_id" "django.db.models.QuerySet.get_by_natural_key"] returns: subject)
((call receiver: (_) @access.receiver method: ["get_for_model" "get_for_models" "get_for_id" "get_by_natural_key"]) @access
  (#type? @access.receiver "django.db.models.QuerySet") (#set! operation "select") (#set! access.confidence "likely"))
; What a user may do stands in the permissions of the user and of its groups.
((call receiver: (_) @_user method: ["has_perm" "has_perms" "has_module_perms" "get_all_permissions" "get_user_permissions" "get_group_permissions"]) @access
  (#type? @_user "django.contrib.auth.models.PermissionsMixin" "django.contrib.auth.models.User")
  (#set! operation "select") (#set! access.store "auth_permission") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_user method: ["has_perm" "has_perms" "has_module_perms" "get_all_permissions" "get_group_permissions"]) @access
  (#type? @_user "django.contrib.auth.models.PermissionsMixin" "django.contrib.auth.models.User")
  (#set! operation "select") (#set! access.store "auth_group") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_user method: ["has_perm" "has_perms" "has_module_perms" "get_all_permissions" "get_user_permissions" "get_group_permissions"]) @access
  (#type? @_user "django.contrib.auth.models.PermissionsMixin" "django.contrib.auth.models.User")
  (#set! operation "select") (#set! access.store "django_content_type") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_user method: ["has_perm" "has_perms" "has_module_perms" "get_all_permissions" "get_group_permissions"]) @access
  (#type? @_user "django.contrib.auth.models.PermissionsMixin" "django.contrib.auth.models.User")
  (#set! operation "select") (#set! access.store "auth_group_permissions") (#set! access.confidence "likely") (#set! access.foreign))
; The tables between, those of the program's own user or the library's.
((call receiver: (_) @access.target method: ["has_perm" "has_perms" "has_module_perms" "get_all_permissions" "get_group_permissions"]) @access
  (#type? @access.target "django.contrib.auth.models.PermissionsMixin")
  (#set! operation "select") (#set! access.also "instead") (#set! access.relations "groups") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_user method: ["has_perm" "has_perms" "has_module_perms" "get_all_permissions" "get_group_permissions"]) @access
  (#type? @_user "django.contrib.auth.models.User")
  (#set! operation "select") (#set! access.store "auth_user_groups") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @access.target method: ["has_perm" "has_perms" "has_module_perms" "get_all_permissions" "get_user_permissions"]) @access
  (#type? @access.target "django.contrib.auth.models.PermissionsMixin")
  (#set! operation "select") (#set! access.also "instead") (#set! access.relations "user_permissions") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_user method: ["has_perm" "has_perms" "has_module_perms" "get_all_permissions" "get_user_permissions"]) @access
  (#type? @_user "django.contrib.auth.models.User")
  (#set! operation "select") (#set! access.store "auth_user_user_permissions") (#set! access.confidence "likely") (#set! access.foreign))
; Who logs in is looked up by name.
((call callee: (_) @_login) @access @access.target
  (#is? @_login "django.contrib.auth.authenticate") (#set! operation "select") (#set! access.confidence "likely"))
((call callee: (_) @_login argument[1]: (_) @access.target) @access
  (#is? @_login "django.contrib.auth.login") (#set! operation "update") (#set! access.confidence "likely"))

; Who logs in or out gets another session, which stands in a table unless the settings say otherwise.
((call callee: (_) @_login argument[1]: (_)) @access
  (#is? @_login "django.contrib.auth.login" "django.contrib.auth.alogin" "django.contrib.auth.update_session_auth_hash" "django.contrib.auth.aupdate_session_auth_hash")
  (#set! operation "upsert") (#set! access.reads "*") (#set! access.store "django_session") (#set! access.configured "settings.SESSION_ENGINE=db") (#set! access.confidence "likely"))
((call callee: (_) @_logout argument[0]: (_)) @access
  (#is? @_logout "django.contrib.auth.logout" "django.contrib.auth.alogout")
  (#set! operation "delete") (#set! access.reads "*") (#set! access.store "django_session") (#set! access.configured "settings.SESSION_ENGINE=db") (#set! access.confidence "likely"))
((call receiver: (member base: (_) @_request name: "session") method: ["flush" "cycle_key" "create" "save"] @access.verb) @access
  (#type? @_request "django.http.HttpRequest")
  (#set! access.delete "flush") (#set! access.insert "cycle_key create") (#set! access.upsert "save") (#set! access.reads "cycle_key create")
  (#set! access.store "django_session") (#set! access.configured "settings.SESSION_ENGINE=db") (#set! access.confidence "likely"))

; ---- what a signal hands to its receiver

; Receivers that are connected by a call.
((call receiver: (_) @_signal method: "connect" [argument[0]: (_) @parameter keyword[receiver]: (_) @parameter]
   [argument[1]: (_) @parameter.type keyword[sender]: (_) @parameter.type])
  (#is? @_signal "django.db.models.signals.*") (#set! parameter.name "instance"))
; A decorator of the program's own that connects what it decorates.
((definition attribute: (call callee: (_) @_receiver argument[0]: (_) @_signal keyword[sender]: (_) @parameter.type)) @parameter
  (#is? @_signal "django.db.models.signals.*") (#not-is? @_receiver "django.dispatch.receiver" "django.dispatch.dispatcher.receiver") (#set! parameter.name "instance"))
((definition attribute: (call callee: (_) @_receiver keyword[sender]: (_) @parameter.type)) @parameter
  (#is? @_receiver "django.dispatch.receiver" "django.dispatch.dispatcher.receiver") (#set! parameter.name "instance"))
((definition attribute: (call callee: (_) @_receiver keyword[sender]: (_) @parameter.type)) @parameter
  (#is? @_receiver "django.dispatch.receiver" "django.dispatch.dispatcher.receiver") (#set! parameter.name "sender"))
((call receiver: (_) @_signal method: "connect" [argument[0]: (_) @parameter keyword[receiver]: (_) @parameter]
   [argument[1]: (_) @parameter.type keyword[sender]: (_) @parameter.type])
  (#is? @_signal "django.db.models.signals.*") (#set! parameter.name "sender"))
; Signals of the program's own: who sends one runs those who hear it.
((definition attribute: (call callee: (_) @_receiver argument[0]: [(name) (member)] @call.signal)) @parameter
  (#is? @_receiver "django.dispatch.receiver" "django.dispatch.dispatcher.receiver"))
((definition attribute: (call callee: (_) @_receiver argument[0]: (sequence item[*]: [(name) (member)] @call.signal))) @parameter
  (#is? @_receiver "django.dispatch.receiver" "django.dispatch.dispatcher.receiver"))
((call receiver: (_) @call.signal method: "connect" [argument[0]: (_) @parameter keyword[receiver]: (_) @parameter])
  (#type? @call.signal "django.dispatch.Signal"))
((call receiver: (_) @call.signal method: ["send" "send_robust" "asend" "asend_robust"]) @call
  (#type? @call.signal "django.dispatch.Signal"))
(stub "django.dispatch.dispatcher.Signal" same: "django.dispatch.Signal")
; Where some code is told of rows that are deleted, these are read before.
((definition attribute: (call callee: (_) @_receiver argument[0]: [(name) (member)] @_signal)) @parameter
  (#is? @_receiver "django.dispatch.receiver" "django.dispatch.dispatcher.receiver")
  (#is? @_signal "django.db.models.signals.pre_delete" "django.db.models.signals.post_delete") (#set! cascade.watched "true"))
((definition attribute: (call callee: (_) @_receiver argument[0]: (sequence item: (_) @_signal))) @parameter
  (#is? @_receiver "django.dispatch.receiver" "django.dispatch.dispatcher.receiver")
  (#is? @_signal "django.db.models.signals.pre_delete" "django.db.models.signals.post_delete") (#set! cascade.watched "true"))
((definition attribute: (call callee: (_) @_receiver argument[0]: [(name) (member)] @_signal keyword[sender]: (_) @entity.of)) @parameter
  (#is? @_signal "django.db.models.signals.pre_delete" "django.db.models.signals.post_delete") (#set! cascade.watched "true"))
((definition attribute: (call callee: (_) @_receiver argument[0]: (sequence item: (_) @_signal) keyword[sender]: (_) @entity.of)) @parameter
  (#is? @_signal "django.db.models.signals.pre_delete" "django.db.models.signals.post_delete") (#set! cascade.watched "true"))
((call receiver: (_) @_signal method: "connect" [argument[0]: (_) @parameter keyword[receiver]: (_) @parameter])
  (#is? @_signal "django.db.models.signals.pre_delete" "django.db.models.signals.post_delete") (#set! cascade.watched "true"))
((call receiver: (_) @_signal method: "connect" [argument[0]: (_) @parameter keyword[receiver]: (_) @parameter]
   [argument[1]: (_) @entity.of keyword[sender]: (_) @entity.of])
  (#is? @_signal "django.db.models.signals.pre_delete" "django.db.models.signals.post_delete") (#set! cascade.watched "true"))
; The queries that a set of filters narrows are for its model.
((definition kind: "method" inside: (definition kind: "type" member[Meta]: (definition member[model]: (definition value: (_) @parameter.type))) @_filters) @parameter
  (#is? @_filters "django_filters.FilterSet" "django_filters.filterset.FilterSet" "django_filters.rest_framework.FilterSet" "django_filters.rest_framework.filterset.FilterSet")
  (#set! parameter.name "queryset") (#set! parameter.list "django.db.models.QuerySet"))

; ---- SQL

((call receiver: (_) @access.receiver method: "raw" argument[0]: (string) @embedded.sql)
  (#type? @access.receiver "django.db.models.QuerySet"))
(stub ["django.db.connection.cursor" "django.db.connections.[]" "django.db.transaction.get_connection" "django.db.connection"] returns: "django.db.connection")
(stub "django.db.connections.[]" is: "django.db.connection")
((call callee: (_) @_run [argument[0]: (string) @embedded.sql keyword[sql]: (string) @embedded.sql])
  (#is? @_run "django.db.migrations.RunSQL" "django.db.migrations.operations.RunSQL"))

((with (call callee: (_) @_atomic)) @transaction (#is? @_atomic "django.db.transaction.atomic"))
((call callee: (_) @_later) @transaction.after (#is? @_later "django.db.transaction.on_commit"))
((definition attribute: (_) @_atomic) @transaction (#is? @_atomic "django.db.transaction.atomic" "django.db.transaction.commit_on_success"))
((definition attribute: (call callee: (_) @_atomic)) @transaction (#is? @_atomic "django.db.transaction.atomic"))

; ---- views and forms that are about a model

(stub ["django.views.generic.detail.SingleObjectMixin.get_object" "django.views.generic.edit.ModelFormMixin.get_object"] returns: subject of: ["get_queryset" "queryset" "model"])
(stub ["django.views.generic.detail.SingleObjectMixin.get_queryset" "django.views.generic.list.MultipleObjectMixin.get_queryset"]
  returns: "django.db.models.QuerySet" of: ["queryset" "model"])
(stub ["django.views.generic.DetailView" "django.views.generic.UpdateView" "django.views.generic.DeleteView" "django.views.generic.CreateView"
       "django.views.generic.edit.UpdateView" "django.views.generic.edit.DeleteView" "django.views.generic.edit.CreateView" "django.views.generic.detail.DetailView"
       "django.views.generic.detail.BaseDetailView" "django.views.generic.edit.BaseUpdateView" "django.views.generic.detail.SingleObjectMixin"] extends: "django.views.generic.detail.SingleObjectMixin")
(stub ["django.views.generic.ListView" "django.views.generic.list.ListView" "django.views.generic.list.BaseListView"] extends: "django.views.generic.list.MultipleObjectMixin")
(stub ["django.views.generic.detail.SingleObjectMixin" "django.views.generic.list.MultipleObjectMixin" "django.views.generic.TemplateView" "django.views.generic.FormView"
       "django.views.generic.edit.FormView" "django.views.generic.base.TemplateView" "django.views.generic.RedirectView"] extends: "django.views.generic.base.View")
(stub "django.views.generic.View" same: "django.views.generic.base.View")
((call receiver: (_) @_view method: ["get_object" "get_queryset"]) @access @access.target
  (#type? @_view "django.views.generic.detail.SingleObjectMixin" "django.views.generic.list.MultipleObjectMixin")
  (#set! operation "select") (#set! access.confidence "likely") (#set! access.foreign))
; A view's query runs with what it loads along.
((call receiver: (_) @_view method: ["get_object" "get"]) @access
  (#type? @_view "django.views.generic.detail.SingleObjectMixin" "django.views.generic.list.MultipleObjectMixin")
  (#set! operation "kept") (#set! access.keeper "get_queryset queryset") (#set! access.foreign))
((call receiver: (_) @_view method: "get_context_data") @access (#type? @_view "django.views.generic.list.MultipleObjectMixin")
  (#set! operation "kept") (#set! access.keeper "get_queryset queryset") (#set! access.foreign))
; What the ready views do when their own methods are called: they read, save or delete what they are about.
(stub ["django.views.generic.CreateView" "django.views.generic.UpdateView" "django.views.generic.edit.CreateView" "django.views.generic.edit.UpdateView"
       "django.views.generic.edit.BaseCreateView" "django.views.generic.edit.BaseUpdateView"] extends: "django.views.generic.edit.ModelFormMixin")
(stub ["django.views.generic.DeleteView" "django.views.generic.edit.DeleteView" "django.views.generic.edit.BaseDeleteView"] extends: "django.views.generic.edit.DeletionMixin")
(stub ["django.views.generic.edit.ModelFormMixin" "django.views.generic.edit.DeletionMixin"] extends: "django.views.generic.detail.SingleObjectMixin")
(stub ["django.views.generic.edit.ModelFormMixin.form_valid" "django.views.generic.edit.ModelFormMixin.post" "django.views.generic.edit.DeletionMixin.form_valid"
       "django.views.generic.edit.DeletionMixin.delete" "django.views.generic.edit.DeletionMixin.post" "django.views.generic.detail.SingleObjectMixin.get"
       "django.views.generic.list.MultipleObjectMixin.get" "django.views.generic.detail.SingleObjectMixin.dispatch"]
  returns: "django.http.Answer" of: ["get_queryset" "queryset" "model" "get_object" "form_class.Meta.model" "get_form_class.Meta.model"])
((call receiver: (_) @_view method: ["form_valid" "post"] @access.verb) @access @access.target
  (#type? @_view "django.views.generic.edit.ModelFormMixin") (#set! operation "upsert") (#set! access.recorded "form_valid post") (#set! access.confidence "likely") (#set! access.foreign)
  (#set! access.fields "form_class.Meta.fields between every=__all__"))
((call receiver: (_) @_view method: ["form_valid" "delete" "post"] @access.verb) @access @access.target
  (#type? @_view "django.views.generic.edit.DeletionMixin") (#set! operation "delete") (#set! access.recorded "form_valid delete post") (#set! access.confidence "likely") (#set! access.foreign) (#set! access.cascade "row")
  (#set! access.answers "delete") (#set! access.instead "save asave save_base update aupdate"))
((call receiver: (_) @_view method: "get") @access @access.target
  (#type? @_view "django.views.generic.detail.SingleObjectMixin" "django.views.generic.list.MultipleObjectMixin")
  (#set! operation "select") (#set! access.confidence "likely") (#set! access.foreign))
; Whatever a view about one row answers, it looks its row up first.
((call receiver: (_) @_view method: "dispatch") @access @access.target
  (#type? @_view "django.views.generic.detail.SingleObjectMixin")
  (#set! operation "select") (#set! access.confidence "likely") (#set! access.foreign))
; What the administration hands to its hooks, also to those of the program's own classes above, is of the model that the class is registered for.
((definition kind: "type" attribute: (call callee: (_) @_register argument[0]: (_) @parameter.type)) @parameter
  (#is? @_register "django.contrib.admin.register" "django.contrib.admin.decorators.register") (#set! parameter.name "obj"))
((definition kind: "type" attribute: (call callee: (_) @_register argument[0]: (_) @parameter.type)) @parameter
  (#is? @_register "django.contrib.admin.register" "django.contrib.admin.decorators.register") (#set! parameter.name "queryset")
  (#set! parameter.list "django.db.models.QuerySet") (#set! parameter.listed "actions"))
((call receiver: (_) method: _ @_registers argument[0]: (_) @parameter.type argument[1]: (_) @_admin @parameter)
  (#match? @_registers "register$") (#match? @parameter.type "^[A-Z]") (#match? @parameter "^[A-Z]") (#is? @_admin "django.contrib.admin.options.BaseModelAdmin") (#set! parameter.name "obj"))
((call receiver: (_) method: _ @_registers argument[0]: (_) @parameter.type argument[1]: (_) @_admin @parameter)
  (#match? @_registers "register$") (#match? @parameter.type "^[A-Z]") (#match? @parameter "^[A-Z]") (#is? @_admin "django.contrib.admin.options.BaseModelAdmin") (#set! parameter.name "queryset") (#set! parameter.list "django.db.models.QuerySet")
  (#set! parameter.listed "actions"))
; Its pages are about that model.
((definition kind: "type" attribute: (call callee: (_) @_register argument[0]: (_) @parameter.type)) @parameter
  (#is? @_register "django.contrib.admin.register" "django.contrib.admin.decorators.register") (#set! parameter.member "model"))
((call receiver: (_) method: _ @_registers argument[0]: (_) @parameter.type argument[1]: (_) @_admin @parameter)
  (#match? @_registers "register$") (#match? @parameter.type "^[A-Z]") (#match? @parameter "^[A-Z]") (#is? @_admin "django.contrib.admin.options.BaseModelAdmin") (#set! parameter.member "model"))
(stub ["django.contrib.admin.ModelAdmin" "django.contrib.admin.TabularInline" "django.contrib.admin.StackedInline" "django.contrib.admin.options.ModelAdmin"
       "django.contrib.admin.options.InlineModelAdmin" "django.contrib.admin.options.TabularInline" "django.contrib.admin.options.StackedInline"
       "django.contrib.auth.admin.UserAdmin" "django.contrib.auth.admin.GroupAdmin" "django.contrib.gis.admin.OSMGeoAdmin" "django.contrib.gis.admin.GISModelAdmin"] extends: "django.contrib.admin.options.BaseModelAdmin")
(stub "django.contrib.admin.options.BaseModelAdmin.get_queryset" returns: "django.db.models.QuerySet" of: ["model"])
(stub "django.contrib.admin.options.BaseModelAdmin.get_object" returns: subject of: ["get_queryset" "model"])
(stub ["django.contrib.admin.options.BaseModelAdmin.changelist_view" "django.contrib.admin.options.BaseModelAdmin.change_view" "django.contrib.admin.options.BaseModelAdmin.changeform_view"
       "django.contrib.admin.options.BaseModelAdmin.delete_view" "django.contrib.admin.options.BaseModelAdmin.history_view"] returns: "django.http.Answer" of: ["get_queryset" "model"])
((call receiver: (_) @_admin method: ["changelist_view" "change_view" "changeform_view" "delete_view" "history_view" "get_object"]) @access @access.target
  (#type? @_admin "django.contrib.admin.options.BaseModelAdmin") (#set! operation "select") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_admin method: ["changelist_view" "change_view" "changeform_view" "delete_view" "history_view" "get_object"]) @access
  (#type? @_admin "django.contrib.admin.options.BaseModelAdmin") (#set! operation "kept") (#set! access.keeper "get_queryset") (#set! access.foreign))
((call receiver: (_) @_admin method: "save_model" @access.verb argument[1]: (_) @access.target) @access
  (#type? @_admin "django.contrib.admin.options.BaseModelAdmin") (#set! operation "upsert") (#set! access.recorded "save_model") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_admin method: "delete_model" argument[1]: (_) @access.target) @access
  (#type? @_admin "django.contrib.admin.options.BaseModelAdmin") (#set! operation "delete") (#set! access.cascade "row") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_admin method: "delete_queryset" argument[1]: (_) @access.target) @access
  (#type? @_admin "django.contrib.admin.options.BaseModelAdmin") (#set! operation "delete") (#set! access.cascade "row") (#set! access.confidence "likely") (#set! access.foreign))
; The form that a view hands to its own method is that of its class.
((definition kind: "method" name: ["form_valid" "form_invalid"] inside: (definition kind: "type" member[form_class]: (definition value: (_) @parameter.type)) @_view) @parameter
  (#is? @_view "django.views.generic.base.View") (#set! parameter.name "form"))
((definition kind: "method" name: "form_valid" inside: (definition kind: "type" member[model]: (definition value: (_) @parameter.type)) @_view) @parameter
  (#is? @_view "django.views.generic.edit.ModelFormMixin") (#set! parameter.name "form") (#set! parameter.list "django.forms.ModelForm"))
; A page of a query runs it.
((call callee: (_) @_pages [argument[0]: (_) @access.receiver keyword[object_list]: (_) @access.receiver]) @access
  (#is? @_pages "django.core.paginator.Paginator") (#type? @access.receiver "django.db.models.QuerySet")
  (#set! operation "select") (#set! access.confidence "likely"))
; A list shows the rows of its query set.
(stub "django.views.generic.list.MultipleObjectMixin.get_context_data" returns: "django.views.generic.list.Context" of: ["get_queryset" "queryset" "model"])
((call receiver: (_) @_view method: "get_context_data") @access @access.target
  (#type? @_view "django.views.generic.list.MultipleObjectMixin")
  (#set! operation "select") (#set! access.confidence "likely") (#set! access.foreign))
(stub "django_filters.views.FilterView" extends: "django.views.generic.list.MultipleObjectMixin")
(stub ["django.forms.ModelForm.save" "django.forms.models.ModelForm.save"] returns: subject of: ["Meta.model"])
(stub ["django.forms.models.ModelForm" "django.forms.models.BaseModelForm" "django.contrib.auth.forms.UserCreationForm"] extends: "django.forms.ModelForm")
((call receiver: (_) @_form method: "save" @access.verb) @access @access.target
  (#type? @_form "django.forms.ModelForm") (#set! access.unless "commit=False") (#set! access.fields "Meta.fields between every=__all__ without=Meta.exclude") (#set! access.recorded "save")
  (#set! operation "upsert") (#set! access.confidence "likely") (#set! access.foreign))
; What a form left out that saved nothing yet: the rows between.
(stub ["django.forms.ModelForm.save_m2m" "django.forms.models.ModelForm.save_m2m"] returns: "django.forms.Answer" of: ["Meta.model"])
((call receiver: (_) @_form method: "save_m2m") @access @access.target
  (#type? @_form "django.forms.ModelForm") (#set! access.fields "Meta.fields between every=__all__") (#set! access.also "instead")
  (#set! operation "upsert") (#set! access.confidence "likely") (#set! access.foreign))
; Forms that give whoever they are made for a new password.
(stub "django.contrib.auth.forms.SetPasswordForm.save" returns: subject of: ["user"])
(stub "django.contrib.auth.forms.SetPasswordForm.user" is: entity[AUTH_USER_MODEL])
(stub ["django.contrib.auth.forms.PasswordChangeForm" "django.contrib.auth.forms.AdminPasswordChangeForm"] extends: "django.contrib.auth.forms.SetPasswordForm")
((call receiver: (_) @_form method: "save") @access @access.target
  (#type? @_form "django.contrib.auth.forms.SetPasswordForm") (#set! access.unless "commit=False")
  (#set! operation "update") (#set! access.confidence "likely") (#set! access.foreign))
; A form that is made for a row looks up the rows between that its fields show.
(stub ["django.forms.ModelForm.__init__" "django.forms.models.ModelForm.__init__"] returns: subject of: ["Meta.model"])
((call receiver: (_) @_form method: "__init__") @access @access.target
  (#type? @_form "django.forms.ModelForm") (#set! access.fields "Meta.fields between every=__all__ without=Meta.exclude") (#set! access.also "instead")
  (#set! operation "select") (#set! access.confidence "likely") (#set! access.foreign))
((call callee: (_) @access.receiver keyword[instance]: (_) @access.target) @access
  (#is? @access.receiver "django.forms.ModelForm") (#set! access.fields "Meta.fields between every=__all__ without=Meta.exclude") (#set! access.also "instead")
  (#set! operation "select") (#set! access.confidence "likely") (#set! access.foreign))
(stub ["django.forms.ModelForm.instance" "django.forms.models.ModelForm.instance"] is: subject of: ["Meta.model"])
(stub "django.views.generic.detail.SingleObjectMixin.object" is: subject of: ["get_queryset" "queryset" "model" "get_object" "form_class.Meta.model"])
; A form that is validated looks up the choices that its class keeps, the rows that keys name, and what must be unique.
((call receiver: (_) @_form method: ["is_valid" "full_clean"]) @access
  (#type? @_form "django.forms.Form" "django.forms.ModelForm") (#set! operation "kept") (#set! access.chosen "queryset") (#set! access.handed "form_valid form_invalid")
  (#set! access.fields "Meta.fields every=__all__ of=Meta.model"))
(stub "django.forms.forms.Form" same: "django.forms.Form")

; Sets of forms for rows of one model, and the classes that programs write for them.
(stub ["django.forms.modelformset_factory" "django.forms.models.modelformset_factory" "django.contrib.contenttypes.forms.generic_inlineformset_factory"]
  returns: "django.forms.models.ModelFormSets" subject: argument[0])
(stub ["django.forms.inlineformset_factory" "django.forms.models.inlineformset_factory"] returns: "django.forms.models.ModelFormSets" subject: argument[1])
(stub "django.forms.models.ModelFormSets.()" returns: "django.forms.models.BaseModelFormSet")
(stub ["django.forms.BaseModelFormSet" "django.forms.BaseInlineFormSet" "django.forms.models.BaseInlineFormSet" "django.contrib.contenttypes.forms.BaseGenericInlineFormSet"]
  extends: "django.forms.models.BaseModelFormSet")
((call callee: (_) @_factory argument[0]: (_) @parameter.type keyword[formset]: (_) @parameter)
  (#is? @_factory "django.forms.modelformset_factory" "django.forms.models.modelformset_factory" "django.contrib.contenttypes.forms.generic_inlineformset_factory")
  (#set! parameter.member "model"))
((call callee: (_) @_factory argument[1]: (_) @parameter.type keyword[formset]: (_) @parameter)
  (#is? @_factory "django.forms.inlineformset_factory" "django.forms.models.inlineformset_factory") (#set! parameter.member "model"))
(stub "django.forms.models.BaseModelFormSet.[]" returns: "django.forms.ModelForm")
(stub "django.forms.models.BaseModelFormSet.forms" is: "django.forms.models.BaseModelFormSet")
(stub ["django.forms.models.BaseModelFormSet.save" "django.forms.models.BaseModelFormSet.full_clean" "django.forms.models.BaseModelFormSet.is_valid"
       "django.forms.models.BaseModelFormSet.clean" "django.forms.models.BaseModelFormSet.total_form_count" "django.forms.models.BaseModelFormSet.initial_form_count"]
  returns: "django.http.Answer" of: ["model"])
((call receiver: (_) @_formset method: "save") @access @access.target
  (#type? @_formset "django.forms.models.BaseModelFormSet") (#set! access.unless "commit=False")
  (#set! operation "upsert") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_formset method: ["is_valid" "full_clean" "total_form_count" "initial_form_count"]) @access @access.target
  (#type? @_formset "django.forms.models.BaseModelFormSet")
  (#set! operation "select") (#set! access.confidence "likely") (#set! access.foreign))

; ---- URLs

; What the ready views answer to.
(stub ["django.views.generic.FormView" "django.views.generic.edit.FormView" "django.views.generic.CreateView" "django.views.generic.edit.CreateView"
       "django.views.generic.UpdateView" "django.views.generic.edit.UpdateView" "django.views.generic.edit.BaseFormView" "django.views.generic.edit.BaseCreateView"
       "django.views.generic.edit.BaseUpdateView" "django.contrib.auth.views.LoginView" "django.contrib.auth.views.PasswordChangeView"
       "django.contrib.auth.views.PasswordResetView" "django.contrib.auth.views.PasswordResetConfirmView"] extends: "django.views.generic.edit.ProcessFormView")
(stub ["django.views.generic.TemplateView" "django.contrib.auth.views.PasswordChangeDoneView" "django.contrib.auth.views.PasswordResetDoneView"
       "django.contrib.auth.views.PasswordResetCompleteView"] extends: "django.views.generic.base.TemplateView")
(stub ["django.views.generic.ListView" "django.views.generic.list.ListView"] extends: "django.views.generic.list.BaseListView")
(stub ["django.views.generic.DetailView" "django.views.generic.detail.DetailView" "django.views.generic.DeleteView" "django.views.generic.edit.DeleteView"
       "django.views.generic.edit.BaseDeleteView"] extends: "django.views.generic.detail.BaseDetailView")
(stub ["django.views.generic.ArchiveIndexView" "django.views.generic.YearArchiveView" "django.views.generic.MonthArchiveView" "django.views.generic.WeekArchiveView"
       "django.views.generic.DayArchiveView" "django.views.generic.TodayArchiveView" "django.views.generic.dates.ArchiveIndexView"
       "django.views.generic.dates.YearArchiveView" "django.views.generic.dates.MonthArchiveView" "django.views.generic.dates.WeekArchiveView"
       "django.views.generic.dates.DayArchiveView" "django.views.generic.dates.TodayArchiveView"] extends: "django.views.generic.dates.BaseDateListView")
; A view set says which of its methods answers to what: `OrderViewSet.as_view({"get": "list", "post": "create"})`.
((call callee: (_) @_path [argument[0]: (string) @endpoint.route keyword[route]: (string) @endpoint.route keyword[regex]: (string) @endpoint.route]
   [argument[1]: (call receiver: (_) @endpoint.handler method: "as_view" [argument[0]: (mapping) @endpoint.map keyword[actions]: (mapping) @endpoint.map])
    keyword[view]: (call receiver: (_) @endpoint.handler method: "as_view" [argument[0]: (mapping) @endpoint.map keyword[actions]: (mapping) @endpoint.map])]) @endpoint
  (#is? @_path "django.urls.path" "django.urls.re_path" "django.conf.urls.url" "django.urls.url")
  (#set! endpoint.handler "methods") (#set! endpoint.method "ANY") (#set! endpoint.root "ROOT_URLCONF"))

((call callee: (_) @_path [argument[0]: (string) @endpoint.route keyword[route]: (string) @endpoint.route keyword[regex]: (string) @endpoint.route]
   [argument[1]: [(name) (member)] @endpoint.handler keyword[view]: [(name) (member)] @endpoint.handler]) @endpoint
  (#is? @_path "django.urls.path" "django.urls.re_path" "django.conf.urls.url" "django.urls.url") (#not-type? @endpoint.handler "ninja.Urls")
  (#set! endpoint.method "ANY") (#set! endpoint.root "ROOT_URLCONF") (#set! endpoint.allowed "http_method_names")
  (#set! endpoint.brings "django.views.generic.base.TemplateView=get django.views.generic.list.BaseListView=get django.views.generic.detail.BaseDetailView=get"
     "django.views.generic.dates.BaseDateListView=get django.views.generic.edit.ProcessFormView=get,post django.views.generic.edit.DeletionMixin=post,delete"
     "django.contrib.auth.views.LogoutView=post rest_framework.generics.ListAPIView=get rest_framework.generics.CreateAPIView=post"
     "rest_framework.generics.RetrieveAPIView=get rest_framework.generics.UpdateAPIView=put,patch rest_framework.generics.DestroyAPIView=delete"
     "rest_framework.generics.ListCreateAPIView=get,post rest_framework.generics.RetrieveUpdateAPIView=get,put,patch"
     "rest_framework.generics.RetrieveDestroyAPIView=get,delete rest_framework.generics.RetrieveUpdateDestroyAPIView=get,put,patch,delete"))
; Views and functions may stand in wrappers, and these in one more (`login_required(never_cache(view))`).
((call callee: (_) @_path [argument[0]: (string) @endpoint.route keyword[route]: (string) @endpoint.route keyword[regex]: (string) @endpoint.route]
   [argument[1]: [(call receiver: (_) @endpoint.handler method: "as_view")
                  (call callee: (_) @_wrapper argument[0]: (call receiver: (_) @endpoint.handler method: "as_view"))
                  (call callee: (_) @_outer argument[0]: (call callee: (_) @_wrapper argument[0]: (call receiver: (_) @endpoint.handler method: "as_view")))]
    keyword[view]: [(call receiver: (_) @endpoint.handler method: "as_view")
                    (call callee: (_) @_wrapper argument[0]: (call receiver: (_) @endpoint.handler method: "as_view"))
                    (call callee: (_) @_outer argument[0]: (call callee: (_) @_wrapper argument[0]: (call receiver: (_) @endpoint.handler method: "as_view")))]]) @endpoint
  (#is? @_path "django.urls.path" "django.urls.re_path" "django.conf.urls.url" "django.urls.url")
  (#not-any-of? @_wrapper "include" "decorator_include" "as_view") (#not-any-of? @_outer "include" "decorator_include" "as_view" "i18n_patterns")
  (#set! endpoint.handler "methods") (#set! endpoint.method "ANY") (#set! endpoint.root "ROOT_URLCONF") (#set! endpoint.allowed "http_method_names")
  (#set! endpoint.brings "django.views.generic.base.TemplateView=get django.views.generic.list.BaseListView=get django.views.generic.detail.BaseDetailView=get"
     "django.views.generic.dates.BaseDateListView=get django.views.generic.edit.ProcessFormView=get,post django.views.generic.edit.DeletionMixin=post,delete"
     "django.contrib.auth.views.LogoutView=post rest_framework.generics.ListAPIView=get rest_framework.generics.CreateAPIView=post"
     "rest_framework.generics.RetrieveAPIView=get rest_framework.generics.UpdateAPIView=put,patch rest_framework.generics.DestroyAPIView=delete"
     "rest_framework.generics.ListCreateAPIView=get,post rest_framework.generics.RetrieveUpdateAPIView=get,put,patch"
     "rest_framework.generics.RetrieveDestroyAPIView=get,delete rest_framework.generics.RetrieveUpdateDestroyAPIView=get,put,patch,delete"))
((call callee: (_) @_path [argument[0]: (string) @endpoint.route keyword[route]: (string) @endpoint.route keyword[regex]: (string) @endpoint.route]
   [argument[1]: [(call callee: (_) @_wrapper argument[0]: [(name) (member)] @endpoint.handler)
                  (call callee: (_) @_outer argument[0]: (call callee: (_) @_wrapper argument[0]: [(name) (member)] @endpoint.handler))]
    keyword[view]: [(call callee: (_) @_wrapper argument[0]: [(name) (member)] @endpoint.handler)
                    (call callee: (_) @_outer argument[0]: (call callee: (_) @_wrapper argument[0]: [(name) (member)] @endpoint.handler))]]) @endpoint
  (#is? @_path "django.urls.path" "django.urls.re_path" "django.conf.urls.url" "django.urls.url")
  (#not-any-of? @_wrapper "include" "decorator_include" "as_view") (#not-any-of? @_outer "include" "decorator_include" "as_view" "i18n_patterns")
  (#set! endpoint.method "ANY") (#set! endpoint.root "ROOT_URLCONF"))
; A feed is an object that serves; a function may stand in the list itself.
((call callee: (_) @_path [argument[0]: (string) @endpoint.route keyword[route]: (string) @endpoint.route keyword[regex]: (string) @endpoint.route]
   [argument[1]: (call callee: (_) @endpoint.handler)
    keyword[view]: (call callee: (_) @endpoint.handler)]) @endpoint
  (#is? @_path "django.urls.path" "django.urls.re_path" "django.conf.urls.url" "django.urls.url") (#is? @endpoint.handler "django.contrib.syndication.views.Feed")
  (#set! endpoint.method "GET") (#set! endpoint.root "ROOT_URLCONF"))
((call callee: (_) @_path [argument[0]: (string) @endpoint.route keyword[route]: (string) @endpoint.route keyword[regex]: (string) @endpoint.route]
   [argument[1]: (function) @endpoint.handler
    keyword[view]: (function) @endpoint.handler]) @endpoint
  (#is? @_path "django.urls.path" "django.urls.re_path" "django.conf.urls.url" "django.urls.url")
  (#set! endpoint.method "ANY") (#set! endpoint.root "ROOT_URLCONF"))
; Any other call in the place of a view: a blind spot where no endpoint stands.
((call callee: (_) @_path [argument[0]: (string) @endpoint.route keyword[route]: (string) @endpoint.route keyword[regex]: (string) @endpoint.route]
   [argument[1]: (call) @endpoint.handler
    keyword[view]: (call) @endpoint.handler]) @endpoint.hint
  (#is? @_path "django.urls.path" "django.urls.re_path" "django.conf.urls.url" "django.urls.url") (#not-match? @endpoint.handler "include|urls|patterns|as_view"))
((call callee: (_) @_path [argument[0]: (string) @endpoint.prefix keyword[route]: (string) @endpoint.prefix keyword[regex]: (string) @endpoint.prefix]
   [argument[1]: (call callee: (_) @_include argument[0]: (_) @endpoint.handler)
    keyword[view]: (call callee: (_) @_include argument[0]: (_) @endpoint.handler)]) @endpoint.mount
  (#is? @_path "django.urls.path" "django.urls.re_path" "django.conf.urls.url" "django.urls.url")
  (#is? @_include "django.urls.include" "django.conf.urls.include"))
((call callee: (_) @_path [argument[0]: (string) @endpoint.prefix keyword[route]: (string) @endpoint.prefix keyword[regex]: (string) @endpoint.prefix]
   [argument[1]: (call callee: (_) @_include argument[1]: (_) @endpoint.handler)
    keyword[view]: (call callee: (_) @_include argument[1]: (_) @endpoint.handler)]) @endpoint.mount
  (#is? @_path "django.urls.path" "django.urls.re_path" "django.conf.urls.url" "django.urls.url")
  (#is? @_include "decorator_include.decorator_include"))
((call callee: (_) @_path [argument[0]: (string) @endpoint.prefix keyword[route]: (string) @endpoint.prefix keyword[regex]: (string) @endpoint.prefix]
   [argument[1]: (call callee: (_) @_include argument[0]: (sequence item[0]: (_) @endpoint.handler))
    keyword[view]: (call callee: (_) @_include argument[0]: (sequence item[0]: (_) @endpoint.handler))]) @endpoint.mount
  (#is? @_path "django.urls.path" "django.urls.re_path" "django.conf.urls.url" "django.urls.url")
  (#is? @_include "django.urls.include" "django.conf.urls.include"))

; Routes with the language in front of them, unless the usual one goes without.
((call callee: (_) @_patterns argument[*]: (call) @endpoint.handler) @endpoint.mount
  (#is? @_patterns "django.conf.urls.i18n.i18n_patterns") (#set! endpoint.under "{language}"))
((call callee: (_) @_patterns argument[*]: (call) @endpoint.handler keyword[prefix_default_language]: (constant "False")) @endpoint.mount
  (#is? @_patterns "django.conf.urls.i18n.i18n_patterns") (#set! endpoint.under ""))

; What an admin adds to its own pages stands below wherever the site is mounted.
((definition kind: "method" name: "get_urls" inside: (definition kind: "type" base: [(name) (member)] @_admin)) @endpoint.group
  (#match? @_admin "(Admin|AdminSite|AdminBase|AdminMixin|TabularInline|StackedInline)$"))

; Views that answer to some methods only.
((definition attribute: (_) @_only) @endpoint.answers
  (#is? @_only "django.views.decorators.http.require_POST") (#set! endpoint.method "POST"))
((definition attribute: (_) @_only) @endpoint.answers
  (#is? @_only "django.views.decorators.http.require_GET" "django.views.decorators.http.require_safe") (#set! endpoint.method "GET"))
((definition attribute: (call callee: (_) @_only argument[0]: (sequence item[*]: (text) @endpoint.method))) @endpoint.answers
  (#is? @_only "django.views.decorators.http.require_http_methods"))
; A list of routes that holds those of a router as well.
((assign target: (name "urlpatterns") value: (_) @endpoint.list) @endpoint.mount)

; Views that need a route: one that none was seen for is a blind spot.
((definition kind: "type" member[*]: (definition kind: "method" name: ["get" "post" "put" "patch" "delete"])) @endpoint.view
  (#is? @endpoint.view "django.views.generic.base.View"))

; One row for all, made where it is not there yet (django-solo).
(stub "solo.models.SingletonModel.get_solo" returns: subject)
((call receiver: (_) @access.target method: "get_solo" @access.verb) @access
  (#is? @access.target "solo.models.SingletonModel") (#set! access.upsert "get_solo") (#set! access.reads "get_solo"))
; The row that counts at present of those that a model of settings keeps (django-config-models).
(stub "config_models.models.ConfigurationModel" extends: "django.db.models.Model")
(stub "config_models.models.ConfigurationModel.current" returns: subject)
((call receiver: (_) @access.target method: ["current" "is_enabled"]) @access
  (#is? @access.target "config_models.models.ConfigurationModel") (#set! operation "select") (#set! access.confidence "likely") (#set! access.foreign))
