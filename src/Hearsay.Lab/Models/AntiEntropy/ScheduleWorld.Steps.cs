namespace Hearsay.Lab.Models.AntiEntropy;

/// <content>The doing of steps.</content>
internal sealed partial class ScheduleWorld
{
    /// <summary>Does a step.</summary>
    /// <returns>Whether it had an effect.</returns>
    public bool Do(ScheduleStep step)
    {
        var node = _nodes[step.Node];
        var done = step.Kind switch
        {
            StepKind.Deliver => Deliver(step.Node, _messages[step.Index]),
            StepKind.Exchange => Meet(step.Node, step.Other, both: true),
            StepKind.Differ => Differ(step.Node, step.Other),
            StepKind.Pull => Meet(step.Node, step.Other, both: false),
            StepKind.Begin => Begin(step.Node, step.Other),
            StepKind.Finish => Finish(step.Node),
            StepKind.Cut => Cut(step.Node, step.Other),
            StepKind.Crash => Crash(step.Node),
            StepKind.Rollback => Rollback(step.Node, step.Index),
            StepKind.Clone => Clone(step.Node, step.Other),
            StepKind.Damage => Damage(step.Node, step.Index),
            StepKind.Isolate => node.IsIsolated = true,
            StepKind.Rejoin => !(node.IsIsolated = false),
            _ => Write(step.Kind, step.Node, Math.Max(0, step.Index)),
        };
        Compare();
        return done;
    }

    private bool Write(StepKind kind, int i, int key)
    {
        var node = _nodes[i];
        var first = (i * _itemsOfNode) + node.Items;
        if (node.Replica.Write(kind, key, first) is not { } write)
        {
            return false;
        }

        var next = (key + 1) % 2;
        var replaced = node.Truth.Shown & kind switch
        {
            StepKind.Write => Registers(key),
            StepKind.Remove => _itemsOfKey[key],
            StepKind.Batch => Registers(key) | Registers(next),
            StepKind.MixedBatch => Registers(key) | _itemsOfKey[next],
            StepKind.Expire => _expiring,
            StepKind.Increment => _options.Store == StoreKind.Grace ? _itemsOfKey[key] : SharesOf(key, i),
            _ => 0,
        };
        if (kind == StepKind.Increment)
        {
            _shares[(key, EpochOf(i))] = SharesOf(key, i) | write.Written;
        }

        node.Items += System.Numerics.BitOperations.PopCount((ulong)write.Written)
            + System.Numerics.BitOperations.PopCount((ulong)(write.Written >> 64));
        var firstBit = UInt128.One << first;
        _itemsOfKey[key] |= write.Written & firstBit;
        _itemsOfKey[next] |= kind == StepKind.Batch ? write.Written & (firstBit << 1) : 0;
        var expires = kind is StepKind.Write or StepKind.Batch or StepKind.MixedBatch;
        _expiring |= expires && key == 0 ? write.Written & firstBit : 0;
        node.Truth = node.Truth.With(write.Written, replaced);
        _messages.Add(new ModelMessage(write.Message, i, write.Written, replaced));
        return true;
    }

    private UInt128 Registers(int key)
    {
        var items = _itemsOfKey[key];
        if (_options.Store != StoreKind.Grace)
        {
            foreach (var shares in _shares.Where(shares => shares.Key.Key == key))
            {
                items &= ~shares.Value;
            }
        }

        return items;
    }

    private object EpochOf(int i) => _nodes[i].Replica is DotsReplica { Replica.Epoch: { } epoch } ? epoch : i;

    private UInt128 SharesOf(int key, int i) => _shares.GetValueOrDefault((key, EpochOf(i)));

    /// <summary>Nothing leaves a node before it is durable.</summary>
    private void Sync(int i)
    {
        var node = _nodes[i];
        if (!node.Replica.IsDirty)
        {
            return;
        }

        node.Older = (node.Replica.Backup(), node.Durable);
        foreach (var left in node.Replica.Sync())
        {
            _messages.Find(message => ReferenceEquals(message.Message, left))!.HasLeft = true;
        }

        node.Durable = node.Truth;
    }

    private bool Deliver(int i, ModelMessage message)
    {
        if (!message.HasLeft)
        {
            Sync(message.From);
        }

        if (!message.HasLeft || _nodes[i].IsIsolated)
        {
            return false;
        }

        var node = _nodes[i];
        if (!node.Replica.Apply(message.Message))
        {
            return false;
        }

        Applied++;
        node.Truth = node.Truth.With(message.Written, message.Replaced);
        return true;
    }

    private bool Meet(int i, int j, bool both)
    {
        Sync(i);
        Sync(j);
        var (one, other) = (_nodes[i], _nodes[j]);
        var (oneTruth, otherTruth) = (one.Truth, other.Truth);
        var there = one.Replica.Begin(other.Replica);
        var here = both && there is not null ? other.Replica.Begin(one.Replica) : null;
        if (there is null || (both && here is null))
        {
            if (there is not null)
            {
                one.Replica.Cut(there);
            }

            one.NoteDistrust();
            other.NoteDistrust();
            return false;
        }

        var before = (one.Replica.Shown, other.Replica.Shown, one.Replica.IsDirty, other.Replica.IsDirty);
        if (one.Replica.Finish(there))
        {
            one.Truth = one.Truth.With(otherTruth with { Damaged = 0 });
            Exchanges++;
        }

        if (here is not null && other.Replica.Finish(here))
        {
            other.Truth = other.Truth.With(oneTruth with { Damaged = 0 });
        }

        return before != (one.Replica.Shown, other.Replica.Shown, one.Replica.IsDirty, other.Replica.IsDirty);
    }

    private bool Differ(int i, int j)
    {
        Sync(i);
        Sync(j);
        var (one, other) = (_nodes[i], _nodes[j]);
        var (oneTruth, otherTruth) = (one.Truth with { Damaged = 0 }, other.Truth with { Damaged = 0 });
        if (one.Replica.Differ(other.Replica) is not { } mustExchange)
        {
            return one.Replica.Distrusted + other.Replica.Distrusted > 0;
        }

        Differences++;
        if (mustExchange)
        {
            Sync(i);
            Sync(j);
            var (there, here) = (one.Replica.Begin(other.Replica), other.Replica.Begin(one.Replica));
            if (there is null || here is null || !one.Replica.Finish(there) || !other.Replica.Finish(here))
            {
                return true;
            }
        }

        one.Truth = one.Truth.With(otherTruth);
        other.Truth = other.Truth.With(oneTruth);
        return true;
    }

    private bool Begin(int i, int j)
    {
        Sync(i);
        Sync(j);
        var truth = _nodes[j].Truth with { Damaged = 0 };
        var session = _nodes[i].Replica.Begin(_nodes[j].Replica);
        _nodes[i].NoteDistrust();
        _nodes[j].NoteDistrust();
        _nodes[i].Exchange = session is null ? null : (session, truth, j);
        return session is not null;
    }

    private bool Finish(int i)
    {
        var node = _nodes[i];
        if (node.Exchange is not { } exchange)
        {
            return false;
        }

        node.Exchange = null;
        if (node.Replica.Finish(exchange.Session))
        {
            node.Truth = node.Truth.With(exchange.Other);
            Exchanges++;
        }

        return true;
    }

    private bool Cut(int i, int j)
    {
        Sync(i);
        Sync(j);
        if (_nodes[i].Replica.Begin(_nodes[j].Replica) is not { } session)
        {
            return false;
        }

        _nodes[i].Replica.Cut(session);
        return true;
    }

    private bool Crash(int i)
    {
        Forget(i);
        _nodes[i].Replica.Crash();
        _nodes[i].Truth = _nodes[i].Durable;
        return true;
    }

    private bool Rollback(int i, int index)
    {
        Forget(i);
        var node = _nodes[i];
        var (disk, truth) = index == 0 ? node.Older : default;
        node.Replica.Restore(disk);
        (node.Truth, node.Durable) = (truth, truth);
        return true;
    }

    private bool Clone(int i, int j)
    {
        Sync(j);
        Forget(i);
        _nodes[i].Replica.Clone(_nodes[j].Replica);
        (_nodes[i].Truth, _nodes[i].Durable) = (_nodes[j].Durable, _nodes[j].Durable);
        return true;
    }

    private bool Damage(int i, int index)
    {
        var (node, item) = (_nodes[i], index / 2);
        if (!node.Replica.Damage(item, vanishes: index % 2 == 0))
        {
            return false;
        }

        node.Truth = node.Truth.WithDamage(UInt128.One << item);
        node.Durable = node.Durable.WithDamage(UInt128.One << item);
        return true;
    }

    /// <summary>What has not left a node never will.</summary>
    private void Forget(int i)
    {
        _nodes[i].Exchange = null;
        foreach (var message in _messages)
        {
            message.IsLost |= message.From == i && !message.HasLeft;
        }
    }
}
