using System.Collections.Immutable;

namespace Hearsay.Protocols.AntiEntropy.Dots;

/// <summary>
/// The events that a replica has seen. "A row whose dot is covered and which is not here" means that it was removed, so
/// a context must never cover an event whose rows were not applied in the same transaction.
/// </summary>
/// <remarks>
/// <para>Immutable: a copy for an exchange costs nothing. Contexts that cover the same are equal, and have the same
/// bytes and hash, however they came about.</para>
/// <para><b>Folding.</b> The writer closes its old epochs by an event that names the epoch and its last number. Once
/// all numbers up to that one are covered, the epoch moves from <see cref="Open"/> to <see cref="Folded"/>, an exact
/// set that peers compare by its hash. Numbers above the last one stay explicit: a restored writer may have closed
/// too low.
/// </para>
/// <para><b>Claims.</b> A replica that lost rows claims no more than the rows that it has verified. One row of a
/// batch is a claim to that path only: covering its dot would say that the batch's other rows were removed.</para>
/// </remarks>
internal sealed class CausalContext : IEquatable<CausalContext>
{
    private static readonly ImmutableSortedDictionary<EpochId, ulong> s_none =
        ImmutableSortedDictionary<EpochId, ulong>.Empty;

    private readonly int _ranges;

    private CausalContext(
        ImmutableSortedDictionary<EpochId, SequenceSet> open, ImmutableSortedDictionary<EpochId, ulong> closed,
        ImmutableSortedDictionary<EpochId, ulong> folded, ImmutableSortedSet<RowClaim> claims, int ranges,
        CausalContext? before = null)
    {
        (Open, Closed, Folded, Claims, _ranges) = (open, closed, folded, claims, ranges);
        FoldedMemo = ReferenceEquals(folded, before?.Folded) ? before.FoldedMemo : new();
    }

    /// <summary>Nothing was seen.</summary>
    public static CausalContext Empty { get; } = new(
        ImmutableSortedDictionary<EpochId, SequenceSet>.Empty, ImmutableSortedDictionary<EpochId, ulong>.Empty,
        ImmutableSortedDictionary<EpochId, ulong>.Empty, [], ranges: 0);

    /// <summary>What was seen of each epoch that is not folded; of folded ones what is above the fold.</summary>
    public ImmutableSortedDictionary<EpochId, SequenceSet> Open { get; }

    /// <summary>Epochs that were closed, with their last numbers, and of which something is still missing.</summary>
    public ImmutableSortedDictionary<EpochId, ulong> Closed { get; }

    /// <summary>Epochs that were closed, of which everything up to that number was seen.</summary>
    public ImmutableSortedDictionary<EpochId, ulong> Folded { get; }

    /// <summary>Single paths of events that are not covered.</summary>
    public ImmutableSortedSet<RowClaim> Claims { get; }

    /// <summary>
    /// How much it has to say: the ranges of its open epochs, and the epochs that have ended. The paths that it claims
    /// come on top.
    /// </summary>
    public int Entries => _ranges + Closed.Count + Folded.Count;

    /// <summary>What was computed of <see cref="Folded"/>. All contexts with the same object there share it.</summary>
    public FoldedMemo FoldedMemo { get; }

    /// <summary>A context that was read: what is in it must be in its one form.</summary>
    public static CausalContext OfSorted(
        ImmutableSortedDictionary<EpochId, SequenceSet> open, ImmutableSortedDictionary<EpochId, ulong> closed,
        ImmutableSortedDictionary<EpochId, ulong> folded, ImmutableSortedSet<RowClaim> claims) =>
        new(open, closed, folded, claims, open.Values.Sum(static seen => seen.Ranges.Length));

    /// <summary>Only epochs that are folded, and nothing of which is seen above the fold.</summary>
    /// <param name="but">Epochs that are left out.</param>
    public CausalContext OnlyFolded(Func<EpochId, bool>? but = null)
    {
        var left = Folded.RemoveRange(Open.Keys.Where(Folded.ContainsKey));
        left = but is null || left.IsEmpty ? left : left.RemoveRange(left.Keys.Where(but));
        return new(Empty.Open, Empty.Closed, left, [], ranges: 0, this);
    }

    /// <summary>Whether an event was seen whole.</summary>
    public bool Covers(Dot dot) => (Open.TryGetValue(dot.Epoch, out var seen) && seen.Contains(dot.Sequence))
        || (Folded.TryGetValue(dot.Epoch, out var last) && dot.Sequence <= last);

    /// <summary>Whether what an event did at a path was seen.</summary>
    public bool Covers(Dot dot, RowPath path) =>
        Covers(dot) || (!Claims.IsEmpty && Claims.Contains(new RowClaim(dot, path)));

    /// <summary>Whether everything that another context covers was seen. Claims of single paths do not count.</summary>
    public bool Covers(CausalContext other)
    {
        foreach (var (epoch, seen) in other.Open)
        {
            if (!SeenOf(epoch).Contains(seen))
            {
                return false;
            }
        }

        foreach (var (epoch, last) in ReferenceEquals(Folded, other.Folded) ? s_none : other.Folded)
        {
            if (Folded.GetValueOrDefault(epoch) < last && !SeenOf(epoch).ContainsAll(1, last))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>All numbers of an epoch that were seen, folded or not.</summary>
    public SequenceSet SeenOf(EpochId epoch)
    {
        var seen = Open.GetValueOrDefault(epoch, SequenceSet.Empty);
        return Folded.TryGetValue(epoch, out var last) && last > 0 ? seen.Union(SequenceSet.Of(1, last)) : seen;
    }

    /// <summary>The greatest number of an epoch that was seen or that its end is said to have; 0 if none.</summary>
    public ulong LastOf(EpochId epoch) => Math.Max(
        Open.GetValueOrDefault(epoch, SequenceSet.Empty).Last,
        Math.Max(Folded.GetValueOrDefault(epoch), Closed.GetValueOrDefault(epoch)));

    /// <summary>With one more event.</summary>
    public CausalContext With(Dot dot)
    {
        if (Covers(dot))
        {
            return this;
        }

        var before = SeenIn(Open, dot.Epoch);
        var seen = before.With(dot.Sequence);
        var open = Open.SetItem(dot.Epoch, seen);
        return Closed.IsEmpty && Folded.IsEmpty && Claims.IsEmpty
            ? new(open, Closed, Folded, Claims, _ranges + seen.Ranges.Length - before.Ranges.Length, this)
            : Normal(open, dot.Epoch);
    }

    /// <summary>With all events of an epoch up to a number.</summary>
    public CausalContext WithAll(EpochId epoch, ulong last) => last == 0
        ? this : Normal(Open.SetItem(epoch, SeenIn(Open, epoch).Union(SequenceSet.Of(1, last))), epoch);

    /// <summary>With some events of an epoch.</summary>
    public CausalContext WithSeen(EpochId epoch, SequenceSet seen) => seen.IsEmpty
        ? this : Normal(Open.SetItem(epoch, SeenIn(Open, epoch).Union(seen)), epoch);

    /// <summary>With one path of an event that is not covered.</summary>
    public CausalContext WithClaim(RowClaim claim) =>
        Covers(claim.Dot) ? this : new(Open, Closed, Folded, Claims.Add(claim), _ranges, this);

    /// <summary>With the news that an epoch has ended. Of two last numbers the greater counts.</summary>
    public CausalContext WithClosed(EpochId epoch, ulong last)
    {
        if (Math.Max(Closed.GetValueOrDefault(epoch), Folded.GetValueOrDefault(epoch)) is var known && known >= last
            && (known > 0 || last == 0))
        {
            return this;
        }

        var (open, folded) = (Open, Folded);
        if (folded.TryGetValue(epoch, out var before))
        {
            open = open.SetItem(epoch, SeenIn(open, epoch).Union(SequenceSet.Of(1, before)));
            folded = folded.Remove(epoch);
        }

        return new CausalContext(open, Closed.SetItem(epoch, last), folded, Claims, RangesWith(open, epoch), this)
            .Normal(open, epoch);
    }

    /// <summary>What both have seen.</summary>
    public CausalContext Union(CausalContext other)
    {
        if (ReferenceEquals(this, other) || ReferenceEquals(other, Empty))
        {
            return this;
        }

        if (Entries == 0 && Claims.IsEmpty)
        {
            return other;
        }

        var union = WithNewFolded(other);
        foreach (var (epoch, last) in ReferenceEquals(union.Folded, other.Folded) ? s_none : other.Folded)
        {
            union = union.Folded.GetValueOrDefault(epoch) >= last
                ? union : union.WithAll(epoch, last).WithClosed(epoch, last);
        }

        foreach (var (epoch, seen) in other.Open)
        {
            var mine = SeenIn(union.Open, epoch);
            if (mine.Union(seen) is var both && !ReferenceEquals(both, mine))
            {
                union = union.Normal(union.Open.SetItem(epoch, both), epoch);
            }
        }

        foreach (var (epoch, last) in other.Closed)
        {
            union = union.WithClosed(epoch, last);
        }

        foreach (var claim in other.Claims)
        {
            union = union.WithClaim(claim);
        }

        return union;
    }

    /// <inheritdoc/>
    public bool Equals(CausalContext? other) => other is not null && (ReferenceEquals(this, other)
        || (Open.SequenceEqual(other.Open) && Closed.SequenceEqual(other.Closed)
            && Folded.SequenceEqual(other.Folded) && Claims.SetEquals(other.Claims)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CausalContext);

    /// <inheritdoc/>
    public override int GetHashCode() => (Open.Count * 31) + Folded.Count;

    private static SequenceSet SeenIn(ImmutableSortedDictionary<EpochId, SequenceSet> open, EpochId epoch) =>
        open.GetValueOrDefault(epoch, SequenceSet.Empty);

    /// <summary>With another set of open epochs, in its one form: one epoch of it may have changed.</summary>
    private CausalContext Normal(ImmutableSortedDictionary<EpochId, SequenceSet> open, EpochId changed)
    {
        var (closed, folded, seen) = (Closed, Folded, SeenIn(open, changed));
        if (closed.TryGetValue(changed, out var last) && (last == 0 || seen.Prefix >= last))
        {
            (closed, folded) = (closed.Remove(changed), folded.SetItem(changed, last));
        }

        if (folded.TryGetValue(changed, out last))
        {
            seen = seen.Above(last);
            open = seen.IsEmpty ? open.Remove(changed) : open.SetItem(changed, seen);
        }

        var claims = Claims;
        foreach (var claim in ClaimsOf(changed))
        {
            claims = seen.Contains(claim.Dot.Sequence) || claim.Dot.Sequence <= folded.GetValueOrDefault(changed)
                ? claims.Remove(claim) : claims;
        }

        return new(open, closed, folded, claims, RangesWith(open, changed), this);
    }

    /// <summary>The claims of an epoch. It costs what these are, and not what all are.</summary>
    private IEnumerable<RowClaim> ClaimsOf(EpochId epoch)
    {
        if (Claims.IsEmpty)
        {
            yield break;
        }

        var found = Claims.IndexOf(new RowClaim(new Dot(epoch, 0), default));
        for (var i = found < 0 ? ~found : found; i < Claims.Count && Claims[i].Dot.Epoch == epoch; i++)
        {
            yield return Claims[i];
        }
    }

    /// <summary>With the folded epochs of another of which nothing is known here: there may be many.</summary>
    private CausalContext WithNewFolded(CausalContext other)
    {
        if (ReferenceEquals(Folded, other.Folded) || !Claims.IsEmpty)
        {
            return this;
        }

        var folded = Folded.ToBuilder();
        foreach (var (epoch, last) in other.Folded)
        {
            if (!folded.ContainsKey(epoch) && !Open.ContainsKey(epoch) && !Closed.ContainsKey(epoch))
            {
                folded.Add(epoch, last);
            }
        }

        return folded.Count == Folded.Count ? this : new(Open, Closed, folded.ToImmutable(), Claims, _ranges, this);
    }

    /// <summary>How many ranges there are when one epoch may have changed.</summary>
    private int RangesWith(ImmutableSortedDictionary<EpochId, SequenceSet> open, EpochId changed) =>
        _ranges + SeenIn(open, changed).Ranges.Length - SeenIn(Open, changed).Ranges.Length;
}
