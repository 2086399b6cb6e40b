"""Leiden of python-igraph on an edge list, for the comparison in benches/partition.rs.

Usage: python igraph_leiden.py EDGES RUNS ITERATIONS
EDGES holds one `a b` pair a line. Prints one line for each run: modularity and seconds.
"""

import random
import sys
import time

import igraph


def main() -> None:
    path, runs, iterations = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with open(path, encoding="ascii") as lines:
        edges = [tuple(map(int, line.split())) for line in lines]
    graph = igraph.Graph(edges=edges)
    for seed in range(runs):
        random.seed(seed)
        igraph.set_random_number_generator(random.Random(seed))
        start = time.perf_counter()
        clusters = graph.community_leiden(objective_function="modularity", n_iterations=iterations)
        seconds = time.perf_counter() - start
        print(f"{graph.modularity(clusters.membership):.6f} {seconds:.6f}")


main()
