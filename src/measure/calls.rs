//! Call metrics of a partition: structural modularity (SM), inter-partition calls (ICP), interfaces (IFN).
//!
//! `calls` are directed, one entry for each pair, with their volume. `services` gives each node its service, `None`
//! for what is left out (a synthetic root). Papers and their code differ; each function says which it follows:
//! *M2M* is the replication code of `Mono2Micro` (FSE 2021), *text* the definition in `FoSCI` (TSE 2019).

use std::collections::{BTreeMap, BTreeSet};

/// From, to, volume.
pub type Call = (u32, u32, f64);

/// Linked pairs within and across services.
struct Pairs {
    sizes: BTreeMap<u32, f64>,
    inside: BTreeMap<u32, f64>,
    across: BTreeMap<(u32, u32), f64>,
}

fn pairs(calls: &[Call], services: &[Option<u32>]) -> Pairs {
    let mut sizes = BTreeMap::new();
    for service in services.iter().flatten() {
        *sizes.entry(*service).or_insert(0.0) += 1.0;
    }
    let mut seen = BTreeSet::new();
    let mut inside = BTreeMap::new();
    let mut across = BTreeMap::new();
    for &(from, to, _) in calls {
        let (Some(a), Some(b)) = (services[from as usize], services[to as usize]) else { continue };
        if from == to || !seen.insert((from.min(to), from.max(to))) {
            continue;
        }
        if a == b {
            *inside.entry(a).or_insert(0.0) += 1.0;
        } else {
            *across.entry((a.min(b), a.max(b))).or_insert(0.0) += 1.0;
        }
    }
    Pairs { sizes, inside, across }
}

/// SM as M2M computes it, about -1 to 1, higher is better: mean of linked pairs over squared size inside, less the mean
/// over service pairs of linked pairs over the product of sizes. Inside counts each class that calls itself too, save
/// the last one of its service; `order` lists the nodes in the order the tool lists them.
pub fn structural_modularity_m2m(calls: &[Call], services: &[Option<u32>], order: &[u32]) -> f64 {
    let mut pairs = pairs(calls, services);
    let mut last: BTreeMap<u32, u32> = BTreeMap::new();
    for node in order {
        if let Some(service) = services[*node as usize] {
            last.insert(service, *node);
        }
    }
    let loops: BTreeSet<u32> = calls.iter().filter(|it| it.0 == it.1).map(|it| it.0).collect();
    for node in loops {
        if let Some(service) = services[node as usize]
            && last.get(&service) != Some(&node)
        {
            *pairs.inside.entry(service).or_insert(0.0) += 1.0;
        }
    }
    modularity_of(&pairs, 1.0)
}

/// SM by the text, about -0.5 to 1, higher is better: self calls left out, the coupling term halved.
pub fn structural_modularity(calls: &[Call], services: &[Option<u32>]) -> f64 {
    modularity_of(&pairs(calls, services), 0.5)
}

fn modularity_of(pairs: &Pairs, coupling_factor: f64) -> f64 {
    let count = pairs.sizes.len() as f64;
    if count == 0.0 {
        return 0.0;
    }
    let cohesion: f64 =
        pairs.inside.iter().map(|(service, linked)| linked / pairs.sizes[service].powi(2)).sum::<f64>() / count;
    let coupling: f64 =
        pairs.across.iter().map(|((a, b), linked)| coupling_factor * linked / (pairs.sizes[a] * pairs.sizes[b])).sum();
    if count < 2.0 { cohesion } else { cohesion - coupling / (count * (count - 1.0) / 2.0) }
}

/// ICP as M2M computes it, 0 to 1, lower is better: share of `ln volume + 1` that crosses services, self calls left out.
pub fn inter_partition_calls(calls: &[Call], services: &[Option<u32>]) -> f64 {
    crossing_share(calls, services, |volume| volume.ln() + 1.0)
}

/// ICP as CARGO computes it, 0 to 1, lower is better: share of the raw volume that crosses services.
pub fn inter_partition_volume(calls: &[Call], services: &[Option<u32>]) -> f64 {
    crossing_share(calls, services, |volume| volume)
}

fn crossing_share(calls: &[Call], services: &[Option<u32>], weigh: impl Fn(f64) -> f64) -> f64 {
    let (mut cross, mut all) = (0.0, 0.0);
    for &(from, to, volume) in calls {
        let (Some(a), Some(b)) = (services[from as usize], services[to as usize]) else { continue };
        if from != to {
            all += weigh(volume);
            cross += if a == b { 0.0 } else { weigh(volume) };
        }
    }
    if all > 0.0 { cross / all } else { 0.0 }
}

/// IFN as M2M computes it, lower is better: linked pairs across services, for each service.
pub fn interface_number_m2m(calls: &[Call], services: &[Option<u32>]) -> f64 {
    let pairs = pairs(calls, services);
    pairs.across.values().sum::<f64>() / (pairs.sizes.len().max(1) as f64)
}

/// IFN by the text, lower is better: classes called from another service, for each service.
pub fn interface_number(calls: &[Call], services: &[Option<u32>]) -> f64 {
    let mut called = BTreeSet::new();
    for &(from, to, _) in calls {
        if let (Some(a), Some(b)) = (services[from as usize], services[to as usize])
            && a != b
        {
            called.insert(to);
        }
    }
    let count = services.iter().flatten().collect::<BTreeSet<_>>().len();
    called.len() as f64 / count.max(1) as f64
}

/// Coupling and cohesion of CARGO (ASE 2022) over call volumes: share of the volume that crosses (0 to 1, lower is
/// better), and the mean over services of `2 inside / (2 inside + crossing)` (0 to 1, higher is better).
pub fn cut_and_cohesion(calls: &[Call], services: &[Option<u32>]) -> (f64, f64) {
    let mut inside: BTreeMap<u32, f64> = BTreeMap::new();
    let mut outside: BTreeMap<u32, f64> = BTreeMap::new();
    for &(from, to, volume) in calls {
        let (Some(a), Some(b)) = (services[from as usize], services[to as usize]) else { continue };
        if from == to {
            continue;
        }
        if a == b {
            *inside.entry(a).or_insert(0.0) += volume;
        } else {
            *outside.entry(a).or_insert(0.0) += volume;
            *outside.entry(b).or_insert(0.0) += volume;
        }
    }
    let known: BTreeSet<u32> = services.iter().flatten().copied().collect();
    let of = |sums: &BTreeMap<u32, f64>, service: &u32| sums.get(service).copied().unwrap_or(0.0);
    let cohesion: f64 = known
        .iter()
        .map(|it| (of(&inside, it), of(&outside, it)))
        .map(|(own, other)| if own + other > 0.0 { 2.0 * own / (2.0 * own + other) } else { 0.0 })
        .sum::<f64>()
        / known.len().max(1) as f64;
    (inter_partition_volume(calls, services), cohesion)
}

/// Coupling and cohesion of ICSA 2023 over typed, weighted edges: cut weight (0 or more, lower is better), and the mean
/// over services of the weight that starts and stays there over what starts there (0 to 1, higher is better).
pub fn cut_weight_and_cohesion(edges: &[Call], services: &[Option<u32>]) -> (f64, f64) {
    let mut inside: BTreeMap<u32, f64> = BTreeMap::new();
    let mut starts: BTreeMap<u32, f64> = BTreeMap::new();
    let mut cut = 0.0;
    for &(from, to, weight) in edges {
        let (Some(a), Some(b)) = (services[from as usize], services[to as usize]) else { continue };
        *starts.entry(a).or_insert(0.0) += weight;
        if a == b {
            *inside.entry(a).or_insert(0.0) += weight;
        } else {
            cut += weight;
        }
    }
    let known: BTreeSet<u32> = services.iter().flatten().copied().collect();
    let cohesion = known
        .iter()
        .map(|it| match starts.get(it) {
            Some(all) if *all > 0.0 => inside.get(it).copied().unwrap_or(0.0) / all,
            _ => 0.0,
        })
        .sum::<f64>()
        / known.len().max(1) as f64;
    (cut, cohesion)
}

/// Weight of an edge kind in ICSA 2023; 0 for an unknown one.
pub fn typed_weight(kind: &str) -> f64 {
    match kind {
        "persists" => 1.0,
        "calls" => 0.8,
        "uses" => 0.6,
        "references" => 0.2,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    }

    /// Services {0, 1} and {2, 3, 4}; node 5 is left out.
    const CALLS: [Call; 6] = [(0, 1, 1.0), (1, 0, 2.0), (1, 2, 3.0), (2, 3, 4.0), (3, 3, 9.0), (5, 0, 50.0)];
    const SERVICES: [Option<u32>; 6] = [Some(0), Some(0), Some(1), Some(1), Some(1), None];

    #[test]
    fn worked_example() {
        // Inside: 1 pair of 2 nodes, 1 pair of 3 nodes; across 1 of 2 * 3.
        close(structural_modularity(&CALLS, &SERVICES), f64::midpoint(0.25, 1.0 / 9.0) - 0.5 / 6.0);
        // The self call of 3 counts, since 4 is listed last.
        let order = [0, 1, 2, 3, 4, 5];
        close(structural_modularity_m2m(&CALLS, &SERVICES, &order), f64::midpoint(0.25, 2.0 / 9.0) - 1.0 / 6.0);
        close(inter_partition_volume(&CALLS, &SERVICES), 0.3);
        let all = 4.0 + 2.0_f64.ln() + 3.0_f64.ln() + 4.0_f64.ln();
        close(inter_partition_calls(&CALLS, &SERVICES), (1.0 + 3.0_f64.ln()) / all);
        close(interface_number_m2m(&CALLS, &SERVICES), 0.5);
        close(interface_number(&CALLS, &SERVICES), 0.5);
        close(cut_and_cohesion(&CALLS, &SERVICES).1, f64::midpoint(6.0 / 9.0, 8.0 / 11.0));
        let (cut, cohesion) = cut_weight_and_cohesion(&CALLS, &SERVICES);
        close(cut, 3.0);
        close(cohesion, f64::midpoint(3.0 / 6.0, 1.0));
    }

    #[test]
    fn nothing_and_one_service_are_fine() {
        close(structural_modularity(&[], &[]), 0.0);
        close(inter_partition_calls(&CALLS, &[Some(0); 6]), 0.0);
        close(interface_number_m2m(&[], &[]), 0.0);
    }
}
