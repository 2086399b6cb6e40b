; Celery 4 and 5, also dramatiq and rq: tasks are messages named after their function.
; Known misses: canvas primitives (chain, group, chord) count by the signatures in them only when these are called.

((definition kind: ["function" "method"] attribute: [(name) (member)] @_task) @message.subscribe
  (#is? @_task "celery.shared_task" "celery.Celery.task" "celery.task.task" "celery.decorators.task" "dramatiq.actor")
  (#set! message.broker "celery"))
((definition kind: ["function" "method"] attribute: (call callee: (_) @_task)) @message.subscribe
  (#is? @_task "celery.shared_task" "celery.Celery.task" "celery.task.task" "dramatiq.actor")
  (#set! message.broker "celery"))
((definition kind: ["function" "method"] attribute: (call callee: (_) @_task keyword[name]: (string) @message.topic)) @message.subscribe
  (#is? @_task "celery.shared_task" "celery.Celery.task")
  (#set! message.broker "celery"))
((call receiver: [(name) (member)] @message.topic method: ["delay" "apply_async"]) @message.publish
  (#not-type? @message.topic "multiprocessing.pool.*" "multiprocessing.Pool")
  (#set! message.broker "celery") (#set! message.heard "true"))
; What is put off runs the task.
((call receiver: [(name) (member)] method: ["delay" "apply_async"]) @call (#set! call.runs "receiver"))
((call receiver: (_) @_app method: "send_task" argument[0]: (string) @message.topic) @message.publish
  (#type? @_app "celery.Celery")
  (#set! message.broker "celery"))
