"""Leiden of python-igraph on an edge list, for the comparison in benches/partition.rs.

Usage: python igraph_leiden.py EDGES RUNS ITERATIONS REPEATS
EDGES holds one `a b` pair a line. Prints one line for each run and repetition: modularity and
seconds.
"""

import random
import sys
import time

import igraph


def main() -> None:
    path, (runs, iterations, repeats) = sys.argv[1], map(int, sys.argv[2:5])
    with open(path, encoding="ascii") as lines:
        edges = [tuple(map(int, line.split())) for line in lines]
    graph = igraph.Graph(edges=edges)
    for seed in (seed for seed in range(runs) for _ in range(repeats)):
        random.seed(seed)
        igraph.set_random_number_generator(random.Random(seed))
        start = time.perf_counter()
        clusters = graph.community_leiden(objective_function="modularity", n_iterations=iterations)
        seconds = time.perf_counter() - start
        print(f"{graph.modularity(clusters.membership):.6f} {seconds:.6f}")


main()
