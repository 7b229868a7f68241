namespace Hearsay.Lab.Models.AntiEntropy;

/// <content>Telling states apart.</content>
internal sealed partial class ScheduleWorld
{
    /// <summary>A number that tells states apart which go on differently.</summary>
    public UInt128 Hash()
    {
        var hash = default(StateHash);
        hash.Add(_differed ? 1UL : 0);
        for (var i = 0; i < _nodes.Length; i++)
        {
            hash.Add(HashOf(i));
            AddOlderTo(ref hash, i);
            AddExchangeTo(ref hash, i);
        }

        UInt128 messages = 0;
        foreach (var message in _messages)
        {
            messages = unchecked(messages + (message.IsLost ? 0 : HashOf(message)));
        }

        hash.Add(messages);
        return hash.Value;
    }

    /// <summary>What <see cref="Judge"/> sees.</summary>
    public PresentState Present()
    {
        var nodes = new UInt128[_nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i] = PresentOf(i);
        }

        return new PresentState(_differed, nodes);
    }

    /// <summary>A number that tells apart whatever decides what can be seen of the nodes that a step names after it.
    /// </summary>
    public UInt128 WhatDecides(ScheduleStep step)
    {
        var hash = default(StateHash);
        hash.Add((ulong)step.Kind);
        hash.Add((ulong)step.Node);
        hash.Add((ulong)(step.Other + 1));
        hash.Add(step.Kind == StepKind.Deliver ? 0 : (ulong)(step.Index + 1));
        switch (step.Kind)
        {
            case StepKind.Deliver:
                var message = _messages[step.Index];
                AddSeenTo(ref hash, step.Node);
                hash.Add(HashOf(message));
                hash.Add(message.HasLeft ? 0 : HashOf(message.From));
                break;
            case StepKind.Exchange or StepKind.Pull or StepKind.Differ or StepKind.Begin or StepKind.Cut:
                AddSeenTo(ref hash, step.Node);
                AddSeenTo(ref hash, step.Other);
                break;
            case StepKind.Finish:
                AddSeenTo(ref hash, step.Node);
                AddExchangeTo(ref hash, step.Node);
                break;
            case StepKind.Damage:
                AddSeenTo(ref hash, step.Node);
                break;
            case StepKind.Crash:
                AddKeptTo(ref hash, step.Node);
                break;
            case StepKind.Rollback:
                AddKeptTo(ref hash, step.Node);
                AddOlderTo(ref hash, step.Node);
                break;
            case StepKind.Clone:
                hash.Add(HashOf(step.Other));
                break;
            default:
                hash.Add(HashOf(step.Node));
                break;
        }

        return hash.Value;
    }

    /// <summary>What a step that was just done has done to the nodes that it names.</summary>
    /// <param name="step">The step.</param>
    /// <param name="hadEffect">What <see cref="Do"/> said.</param>
    public StepEffect EffectOf(ScheduleStep step, bool hadEffect) => new(
        hadEffect, Differs(step.Node) || (step.Other >= 0 && Differs(step.Other)), PresentOf(step.Node),
        step.Other >= 0 ? PresentOf(step.Other) : 0);

    private UInt128 PresentOf(int i)
    {
        var (hash, node) = (default(StateHash), _nodes[i]);
        node.Replica.AddPresentTo(ref hash);
        AddTo(ref hash, node.Truth);
        return hash.Value;
    }

    /// <summary>All of a node but its backup and its exchange.</summary>
    private UInt128 HashOf(int i)
    {
        var (hash, node) = (default(StateHash), _nodes[i]);
        AddSeenTo(ref hash, i);
        AddKeptTo(ref hash, i);
        node.Replica.AddOwnTo(ref hash);
        hash.Add((ulong)node.Items);
        hash.Add(node.IsIsolated ? 1UL : 0);

        // What a damaged row was is not on the disk any more, and still decides what a write is expected to replace.
        hash.Add(node.Truth.Shown & _expiring);
        for (var key = 0; key < _options.Keys; key++)
        {
            hash.Add(node.Truth.Shown & _itemsOfKey[key]);
            hash.Add(node.Truth.Shown & Registers(key));
            hash.Add(node.Truth.Shown & SharesOf(key, i));
        }

        return hash.Value;
    }

    private void AddSeenTo(ref StateHash hash, int i)
    {
        _nodes[i].Replica.AddPresentTo(ref hash);
        _nodes[i].Replica.AddHiddenTo(ref hash);
        AddTo(ref hash, _nodes[i].Truth);
    }

    private void AddKeptTo(ref StateHash hash, int i)
    {
        _nodes[i].Replica.AddKeptTo(ref hash);
        AddTo(ref hash, _nodes[i].Durable);
    }

    private void AddOlderTo(ref StateHash hash, int i)
    {
        var older = _nodes[i].Older;
        hash.Add(older.Disk is null ? 0UL : 1);
        _nodes[i].Replica.AddTo(ref hash, older.Disk);
        AddTo(ref hash, older.Truth);
    }

    private void AddExchangeTo(ref StateHash hash, int i)
    {
        if (_nodes[i].Exchange is { } exchange)
        {
            hash.Add((ulong)exchange.From + 7);
            AddTo(ref hash, exchange.Other);
            _nodes[i].Replica.AddExchangeTo(ref hash, exchange.Session);
        }
    }

    private UInt128 HashOf(ModelMessage message)
    {
        var hash = default(StateHash);
        hash.Add((ulong)(message.From + (message.HasLeft ? 16 : 0)));
        hash.Add(message.Content ??= ContentOf(message));
        return hash.Value;
    }

    private UInt128 ContentOf(ModelMessage message)
    {
        var hash = default(StateHash);
        hash.Add(message.Written);
        hash.Add(message.Replaced);
        _nodes[message.From].Replica.AddMessageTo(ref hash, message.Message);
        return hash.Value;
    }

    private static void AddTo(ref StateHash hash, Truth truth)
    {
        hash.Add(truth.Alive);
        hash.Add(truth.Dead);
        hash.Add(truth.Damaged);
    }
}
