namespace Hearsay.Lab.Models.AntiEntropy;

/// <content>What can happen.</content>
internal sealed partial class ScheduleWorld
{
    /// <summary>Everything that may happen now; some of it may turn out to have no effect.</summary>
    /// <param name="steps">Gets the steps.</param>
    /// <param name="symmetric">
    /// Whether nodes are interchangeable: then those that nothing has happened to are named in order only, and nobody
    /// is cut off, which is but a schedule in which nothing reaches that node.
    /// </param>
    /// <param name="before">The steps so far.</param>
    public void AddPossible(List<ScheduleStep> steps, bool symmetric, ReadOnlySpan<ScheduleStep> before)
    {
        var (nodes, keys) = (_nodes.Length, _options.Keys);
        if (symmetric)
        {
            var usedNodes = 0;
            foreach (var step in before)
            {
                usedNodes = Math.Max(usedNodes, Math.Max(step.Node, step.Other) + 1);
            }

            nodes = Math.Min(nodes, usedNodes + 1);
        }

        for (var i = 0; i < nodes; i++)
        {
            AddWrites(steps, i, keys);
            AddFaults(steps, i, canIsolate: !symmetric);
            for (var j = 0; j < Math.Min(_nodes.Length, symmetric ? Math.Max(nodes, i + 2) : nodes); j++)
            {
                if (i != j)
                {
                    AddMeetings(steps, i, j);
                }
            }
        }
    }

    private void AddWrites(List<ScheduleStep> steps, int i, int keys)
    {
        var node = _nodes[i];
        if (node.Items + 2 <= _itemsOfNode)
        {
            for (var key = 0; key < keys; key++)
            {
                steps.Add(new(StepKind.Write, i, Index: key));
                steps.Add(new(StepKind.Increment, i, Index: key));
                if (key < 2)
                {
                    steps.Add(new(StepKind.MixedBatch, i, Index: key));
                }
            }

            steps.Add(new(StepKind.Batch, i, Index: 0));
        }

        for (var key = 0; key < keys && node.Truth.Shown != 0; key++)
        {
            if ((node.Truth.Shown & _itemsOfKey[key]) != 0)
            {
                steps.Add(new(StepKind.Remove, i, Index: key));
            }
        }

        if ((node.Truth.Shown & _expiring) != 0)
        {
            steps.Add(new(StepKind.Expire, i));
        }

        steps.Add(new(StepKind.Close, i));
        for (var message = 0; message < _messages.Count && !node.IsIsolated; message++)
        {
            var one = _messages[message];
            if (one.From != i && !one.IsLost && !_nodes[one.From].IsIsolated)
            {
                steps.Add(new(StepKind.Deliver, i, Index: message));
            }
        }
    }

    private void AddFaults(List<ScheduleStep> steps, int i, bool canIsolate)
    {
        if (_nodes[i].Replica.WouldCrashMatter || _nodes[i].Exchange is not null)
        {
            steps.Add(new(StepKind.Crash, i));
            steps.Add(new(StepKind.Rollback, i, Index: 1));
        }

        if (_nodes[i].Older.Disk is not null)
        {
            steps.Add(new(StepKind.Rollback, i, Index: 0));
        }

        if (canIsolate)
        {
            steps.Add(new(_nodes[i].IsIsolated ? StepKind.Rejoin : StepKind.Isolate, i));
        }

        foreach (var item in _nodes[i].Replica.OnDisk)
        {
            steps.Add(new(StepKind.Damage, i, Index: 2 * item));
            steps.Add(new(StepKind.Damage, i, Index: (2 * item) + 1));
        }

        if (_nodes[i].Exchange is not null)
        {
            steps.Add(new(StepKind.Finish, i));
        }
    }

    private void AddMeetings(List<ScheduleStep> steps, int i, int j)
    {
        steps.Add(new(StepKind.Clone, i, j));
        if (_nodes[i].IsIsolated || _nodes[j].IsIsolated)
        {
            return;
        }

        if (i < j)
        {
            steps.Add(new(StepKind.Exchange, i, j));
            steps.Add(new(StepKind.Differ, i, j));
        }

        steps.Add(new(StepKind.Pull, i, j));
        steps.Add(new(StepKind.Cut, i, j));
        if (_nodes[i].Exchange is null)
        {
            steps.Add(new(StepKind.Begin, i, j));
        }
    }
}
