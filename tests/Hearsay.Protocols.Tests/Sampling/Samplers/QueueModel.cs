namespace Hearsay.Protocols.Tests.Sampling.Samplers;

/// <summary>
/// Sampling without replacement as the reference writes it (peer-sampling.md, section 7): a queue, told of every
/// change.
/// </summary>
internal sealed class QueueModel(ulong seed)
{
    private readonly List<uint> _view = [];
    private SeededRandom _random = new(seed);

    public List<uint> Queue { get; } = [];

    public void ViewIs(IReadOnlyCollection<uint> numbers)
    {
        foreach (var left in _view.Except(numbers).ToArray())
        {
            _view.Remove(left);
            Queue.Remove(left);
        }

        foreach (var entered in numbers.Except(_view).ToArray())
        {
            _view.Add(entered);
            Queue.Insert(_random.Below(Queue.Count + 1), entered);
        }
    }

    public SampleOrigin Draw(out uint number)
    {
        number = 0;
        if (Queue.Count > 0)
        {
            number = Queue[0];
            Queue.RemoveAt(0);
            return SampleOrigin.Fresh;
        }

        if (_view.Count == 0)
        {
            return SampleOrigin.None;
        }

        number = _view[_random.Below(_view.Count)];
        return SampleOrigin.Fallback;
    }

    /// <summary>
    /// What the specification has against a draw, or null; a fresh one leaves the queue wherever it stands.
    /// </summary>
    public string? Judge(bool drawn, uint number, SampleOrigin origin)
    {
        var expected = Queue.Count > 0 ? SampleOrigin.Fresh : _view.Count > 0 ? SampleOrigin.Fallback
            : SampleOrigin.None;
        if (origin != expected || drawn != (expected != SampleOrigin.None))
        {
            return $"{origin} instead of {expected}";
        }

        return expected switch
        {
            SampleOrigin.Fresh when !Queue.Remove(number) => $"{number} was given before",
            SampleOrigin.Fallback when !_view.Contains(number) => $"{number} is not in the view",
            _ => null,
        };
    }
}
