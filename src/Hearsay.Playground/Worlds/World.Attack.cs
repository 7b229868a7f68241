using Hearsay.Playground.Links;

namespace Hearsay.Playground.Worlds;

/// <content>What a visitor does to the network.</content>
internal abstract partial class World
{
    private readonly Dictionary<(int From, int To), int> _cuts = [];
    private double _churn;
    private int _churnNumber;

    /// <summary>The faults that last, as text for the page; empty if there are none.</summary>
    public IEnumerable<string> Lasting
    {
        get
        {
            if (Network.Links.Loss > 0)
            {
                yield return FormattableString.Invariant($"loss {Network.Links.Loss * 100:0.#} %");
            }

            if (_churn > 0)
            {
                yield return FormattableString.Invariant($"churn {_churn * 100:0.#} %/s");
            }

            if (_cuts.Count > 0)
            {
                yield return FormattableString.Invariant($"{_cuts.Count} cut links");
            }
        }
    }

    /// <summary>Does what a visitor did, now.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public string? Act(PlayAction action)
    {
        var shape = action.Shape;
        if (shape.Nodes.Any(node => node >= Network.Nodes.Count))
        {
            return $"There is no node {shape.Nodes.Max()}.";
        }

        if (TryActHere(action.Verb, shape, out var wrong))
        {
            return wrong;
        }

        switch (action.Verb)
        {
            case "join":
                return Grow((int)Math.Clamp(shape.Amount, 1, 100));
            case "cut":
                return Cut(shape);
            case "loss":
                Network.Links = Network.Links with { Loss = Math.Clamp(shape.Amount / 100, 0, 1) };
                return null;
            case "latency":
                _latency = TimeSpan.FromMilliseconds(Math.Clamp(shape.Amount, 1, 2000));
                return null;
            case "churn":
                BeginChurn(Math.Clamp(shape.Amount / 100, 0, 0.2));
                return null;
            case "calm":
                Calm();
                return null;
            default:
                return Strike(action);
        }
    }

    /// <summary>Does what only this scene offers.</summary>
    /// <param name="verb">What.</param>
    /// <param name="shape">To whom, for how long and how much.</param>
    /// <param name="wrong">What is wrong with it; null if nothing is.</param>
    /// <returns>Whether the scene has such a verb.</returns>
    protected virtual bool TryActHere(string verb, Fault shape, out string? wrong)
    {
        wrong = null;
        return false;
    }

    /// <summary>Everything else is a fault of the simulator, by its name.</summary>
    private string? Strike(PlayAction action)
    {
        if (!Enum.TryParse<FaultKind>(action.Verb, ignoreCase: true, out var kind))
        {
            return $"This scene has no action '{PlayLink.Shorten(action.Verb)}'.";
        }

        Injector.Strike(action.Shape with { Kind = kind });
        return null;
    }

    private string? Grow(int count)
    {
        if (Network.Nodes.Count + count > Common.MostNodes)
        {
            return $"A scene has at most {Common.MostNodes} nodes.";
        }

        for (var i = 0; i < count; i++)
        {
            Join();
        }

        return null;
    }

    private string? Cut(Fault shape)
    {
        if (shape.Nodes.Count != 2)
        {
            return "A link has two ends: cut@ms:node,node.";
        }

        var cut = (Math.Min(shape.Nodes[0], shape.Nodes[1]), Math.Max(shape.Nodes[0], shape.Nodes[1]));
        _cuts[cut] = _cuts.GetValueOrDefault(cut) + 1;
        if (shape.Duration > TimeSpan.Zero)
        {
            Plan(Now + shape.Duration, () => Mend(cut));
        }

        return null;
    }

    private void Mend((int From, int To) cut)
    {
        if (_cuts.TryGetValue(cut, out var times))
        {
            _ = times == 1 ? _cuts.Remove(cut) : (_cuts[cut] = times - 1) > 0;
        }
    }

    private bool IsCut(int from, int to) =>
        _cuts.Count > 0 && _cuts.ContainsKey((Math.Min(from, to), Math.Max(from, to)));

    /// <summary>From now on nodes crash one after the other, and somebody else starts in the place of each.</summary>
    private void BeginChurn(double sharePerSecond)
    {
        _churn = sharePerSecond;
        var number = ++_churnNumber;
        PlanChurn(number);
    }

    private void PlanChurn(int number)
    {
        if (_churn <= 0)
        {
            return;
        }

        var pause = TimeSpan.FromSeconds((0.5 + Random.NextDouble()) / (_churn * Network.Nodes.Count));
        Plan(Now + pause, () =>
        {
            if (number == _churnNumber && AnyNode() is { } node)
            {
                Injector.Strike(new Fault(FaultKind.Forget, Instant.Zero, node.Index));
                PlanChurn(number);
            }
        });
    }

    private void Calm()
    {
        Injector.EndAll();
        _cuts.Clear();
        BeginChurn(0);
        Network.Links = Network.Links with { Loss = 0 };
        foreach (var node in Network.Nodes)
        {
            node.PausedUntil = Instant.Min(node.PausedUntil, Network.Now);
            if (!node.IsUp)
            {
                Injector.Strike(new Fault(FaultKind.Restart, Instant.Zero, node.Index));
            }
        }
    }
}
