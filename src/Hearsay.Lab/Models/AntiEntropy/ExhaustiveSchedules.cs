using System.Collections.Concurrent;
using Hearsay.Lab.Contract;

namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>
/// All schedules of a length. They are followed step by step, all of one length together. A state is rebuilt from its
/// steps, so the product needs no copying. Three things make them few enough; what is judged is the same:
/// <list type="bullet">
/// <item>Schedules that lead to the same state, on disks, in memory, under way and in the ideal nodes, go on alike and
/// are followed once; their number is kept.</item>
/// <item>So do schedules that lead to the same state but for the names of the nodes. For each state that is new, those
/// with all other names are worked out, and are not new any more.</item>
/// <item>After the last step only what can be seen counts, and that changes at the nodes only that the step names. So a
/// last step is done once for each of their states, whatever the others and the rest of the world are like.</item>
/// </list>
/// </summary>
/// <param name="options">The world.</param>
/// <param name="operations">Steps of each schedule.</param>
/// <param name="threads">How many threads to use; what is found does not depend on it.</param>
internal sealed class ExhaustiveSchedules(ScheduleOptions options, int operations, int threads)
{
    private const int ChunkSize = 2_048;

    private readonly ScheduleTally _tally = new();
    private readonly HashSet<UInt128> _judged = [];
    private readonly ConcurrentDictionary<UInt128, StepEffect> _effects = new();
    private readonly int[][][] _names = [.. Enumerable.Range(0, ScheduleWorld.MostReplicas + 1).Select(
        nodes => NodeNames.Others(Math.Min(nodes, options.Replicas)).ToArray())];

    private Dictionary<UInt128, int> _places = [];
    private List<(ScheduleStep[] Steps, double Ways)> _next = [];
    private long _replays;

    /// <summary>Told of every schedule that is judged, with the number of what can be seen after it.</summary>
    public Action<ScheduleStep[], UInt128>? OnJudged { get; init; }

    /// <summary>Follows all schedules.</summary>
    /// <param name="progress">Is told how far it is.</param>
    public ScheduleTally Run(ILabProgress progress)
    {
        List<(ScheduleStep[] Steps, double Ways)> frontier = [([], 1)];
        for (var length = 1; length <= operations; length++)
        {
            _tally.Schedules = 0;
            (_places, _next) = ([], []);
            for (var start = 0; start < frontier.Count; start += ChunkSize)
            {
                Follow(frontier.GetRange(start, Math.Min(ChunkSize, frontier.Count - start)), length == operations);
                progress.Report((length - 1 + ((start + ChunkSize) / (double)(frontier.Count + ChunkSize)))
                    / operations);
            }

            frontier = _next;
        }

        _tally.Replays = _replays;
        return _tally;
    }

    /// <summary>Does every step that is possible after some schedules.</summary>
    private void Follow(List<(ScheduleStep[] Steps, double Ways)> chunk, bool isLast)
    {
        var children = new List<Child>[chunk.Count];
        LabWork.SideBySide(chunk.Count, threads, i => children[i] = Expand(chunk[i].Steps, isLast));
        var (unjudged, unknown) = (new List<ScheduleStep[]>(), new Dictionary<UInt128, ScheduleStep[]>());
        for (var i = 0; i < chunk.Count; i++)
        {
            foreach (var (step, hash, present) in children[i])
            {
                _tally.Schedules += chunk[i].Ways;
                if (_judged.Add(present))
                {
                    unjudged.Add([.. chunk[i].Steps, step]);
                    OnJudged?.Invoke(unjudged[^1], present);
                }

                if (!isLast && !_places.ContainsKey(hash))
                {
                    unknown.TryAdd(hash, [.. chunk[i].Steps, step]);
                }
            }
        }

        Place(unknown);
        for (var i = 0; i < chunk.Count && !isLast; i++)
        {
            foreach (var (_, hash, _) in children[i])
            {
                var place = _places[hash];
                _next[place] = _next[place] with { Ways = _next[place].Ways + chunk[i].Ways };
            }
        }

        Judge(unjudged);
    }

    /// <summary>Finds out which states are new, even if nodes had other names.</summary>
    private void Place(Dictionary<UInt128, ScheduleStep[]> unknown)
    {
        var (states, same) = (unknown.ToArray(), new UInt128[unknown.Count][]);
        LabWork.SideBySide(states.Length, threads, i => same[i] = [.. OthersOf(states[i].Value)]);
        for (var i = 0; i < states.Length; i++)
        {
            // Another state of this chunk may have been the same but for names.
            if (_places.TryAdd(states[i].Key, _next.Count))
            {
                foreach (var other in same[i])
                {
                    _places.TryAdd(other, _next.Count);
                }

                _next.Add((states[i].Value, 0));
            }
        }
    }

    private IEnumerable<UInt128> OthersOf(ScheduleStep[] steps)
    {
        // That control decides between two writes by the names of the nodes.
        foreach (var names in options.Store == StoreKind.Grace ? [] : _names[NodeNames.Used(steps)])
        {
            yield return Replay(NodeNames.Rename(steps, names, ScheduleWorld.ItemsOfNode(options))).Hash();
        }
    }

    private List<Child> Expand(ScheduleStep[] before, bool isLast)
    {
        var (possible, children, state) = (new List<ScheduleStep>(), new List<Child>(), Replay(before));
        state.AddPossible(possible, symmetric: true, before);
        var present = isLast ? state.Present() : default;
        foreach (var step in possible)
        {
            if (isLast)
            {
                var effect = _effects.GetOrAdd(state.WhatDecides(step), _ => EffectOf(before, step));
                if (effect.HadEffect)
                {
                    children.Add(new Child(step, 0, present.HashAfter(step, effect)));
                }
            }
            else if (Replay(before) is var world && world.Do(step))
            {
                children.Add(new Child(step, world.Hash(), world.Present().HashAfter()));
            }
        }

        return children;
    }

    private StepEffect EffectOf(ScheduleStep[] before, ScheduleStep step)
    {
        var world = Replay(before);
        return world.EffectOf(step, world.Do(step));
    }

    private ScheduleWorld Replay(ScheduleStep[] steps)
    {
        Interlocked.Increment(ref _replays);
        var world = new ScheduleWorld(options);
        foreach (var step in steps)
        {
            world.Do(step);
        }

        return world;
    }

    private void Judge(List<ScheduleStep[]> schedules)
    {
        var parts = new ScheduleTally[(schedules.Count + ChunkSize - 1) / ChunkSize];
        var first = _tally.Judged;
        LabWork.SideBySide(parts.Length, threads, part =>
        {
            parts[part] = new ScheduleTally();
            for (var i = part * ChunkSize; i < Math.Min(schedules.Count, (part + 1) * ChunkSize); i++)
            {
                var world = Replay(schedules[i]);
                parts[part].Count(first + i, schedules[i], world, world.Judge());
            }
        });
        foreach (var part in parts)
        {
            _tally.Add(part);
        }
    }

    /// <param name="Step">The step that was done.</param>
    /// <param name="Hash">Tells states apart which go on differently; 0 after the last step.</param>
    /// <param name="Present">Tells apart what is judged differently.</param>
    private readonly record struct Child(ScheduleStep Step, UInt128 Hash, UInt128 Present);
}
