"""What the configurations of runs are likely to have in them, for the deflate of run strings.

Part of the format of run strings: never to be changed within it, or old ones cannot be read.
"""

LIKELY = (
    # the least likely first: a reference that reaches less far back is shorter
    b'{"name":"lbfgs","memory":10}'
    b'{"name":"ants","population":10,"spread":1.0,"archive":50,"q":0.1,"xi":0.85}'
    b'{"name":"annealing","temperature":0.1,"cooling":"geometric","cooling_rate":0.95,"chain":50,'
    b'"step":0.5,"adapt":true}'
    b'{"name":"swarm","population":30,"spread":1.0,"inertia":0.729,"cognitive":1.494,'
    b'"social":1.494,"velocity_limit":1.0,"topology":"global","neighbours":2}'
    b'{"name":"genetic","population":50,"spread":1.0,"elite":2,"tournament":3,"crossover":"blend",'
    b'"crossover_rate":0.9,"blend":0.5,"index":15.0,"mutation_rate":0.1,"sigma":0.3,'
    b'"sigma_decay":0.99,"sigma_end":0.01}'
    b'{"name":"adagrad","eta":0.01,"epsilon":1e-10,"decay":"decoupled",'
    b'{"name":"rmsprop","eta":0.01,"rho":0.9,"epsilon":1e-08,"decay":"decoupled",'
    b'{"name":"nesterov","eta":0.1,"mu":0.9,"decay":"coupled",'
    b'{"name":"momentum","eta":0.1,"mu":0.9,"decay":"coupled",'
    b'{"name":"adamw","eta":0.001,"beta1":0.9,"beta2":0.999,"epsilon":1e-08,'
    b'{"name":"adam","eta":0.001,"beta1":0.9,"beta2":0.999,"epsilon":1e-08,"decay":"decoupled",'
    b'"schedule":"exponential","schedule":"cosine","schedule":"step",'
    b'"degree":2,"label":"class","features":["x1","x2","x1^2","x2^2","x1x2"],"scale":"minmax",'
    b'"scale":"standard","train":0.5,"validation":0.0,"shuffle":false,'
    b'"plane","multi-gauss","one-neuron","iris","moons","spiral","gauss","xor","xor-table","mnist",'
    b'"digits","relu","identity","softmax","init":"given","weights":[[[0.1,"biases":[[0.1,'
    b'"xavier","unit","activation":["sigmoid","tanh"],"quadratic","batch_size":"full","examples":'
    b'100,"dtype":"float32","target_loss":0.01,"target_accuracy":1.0,"seconds":60.0,"evaluations":'
    b'2000,"patience":10,"hidden":[30],"network":{"hidden":[],"activation":"sigmoid","output":'
    b'"softmax","init":"scaled"},"training":{"cost":"quadratic","batch_size":32,'
    b'[{"title":"","seed":42,"data":{"set":"digits","features":[],"scale":"none","validation":0.2,'
    b'[{"title":"","seed":0,"data":{"set":"circle","n":500,"noise":0.1,"features":[],'
    b'"scale":"none","validation":0.2,"test":0.0,"shuffle":true},"network":{"hidden":[8],'
    b'"activation":"sigmoid","output":"sigmoid","init":"scaled"},"training":{"cost":'
    b'"cross-entropy","batch_size":10,"dtype":"float64"},"optimizer":{"name":"sgd","eta":0.5,'
    b'"schedule":"constant","drop":0.5,"every":10},"regularisation":{"alpha":0.0},"stop":{'
    b'"epochs":30}},["0.1.0","2.4.6","3.12.1","3.11.7","NEOVERSEN1","X86_V3 Zen","X86_V4 '
    b'SkylakeX","X86_V3 Haswell","X86_V4 Haswell",1],"'
)
"""Fragments of the JSON of run strings, without look_for."""
