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
    private CausalContext(
        ImmutableSortedDictionary<EpochId, SequenceSet> open, ImmutableSortedDictionary<EpochId, ulong> closed,
        ImmutableSortedDictionary<EpochId, ulong> folded, ImmutableSortedSet<RowClaim> claims) =>
        (Open, Closed, Folded, Claims) = (open, closed, folded, claims);

    /// <summary>Nothing was seen.</summary>
    public static CausalContext Empty { get; } = new(
        ImmutableSortedDictionary<EpochId, SequenceSet>.Empty, ImmutableSortedDictionary<EpochId, ulong>.Empty,
        ImmutableSortedDictionary<EpochId, ulong>.Empty, []);

    /// <summary>What was seen of each epoch that is not folded; of folded ones what is above the fold.</summary>
    public ImmutableSortedDictionary<EpochId, SequenceSet> Open { get; }

    /// <summary>Epochs that were closed, with their last numbers, and of which something is still missing.</summary>
    public ImmutableSortedDictionary<EpochId, ulong> Closed { get; }

    /// <summary>Epochs that were closed, of which everything up to that number was seen.</summary>
    public ImmutableSortedDictionary<EpochId, ulong> Folded { get; }

    /// <summary>Single paths of events that are not covered.</summary>
    public ImmutableSortedSet<RowClaim> Claims { get; }

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

        foreach (var (epoch, last) in other.Folded)
        {
            if (!SeenOf(epoch).ContainsAll(1, last))
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

        var open = Open.SetItem(dot.Epoch, SeenIn(Open, dot.Epoch).With(dot.Sequence));
        return Closed.IsEmpty && Folded.IsEmpty && Claims.IsEmpty
            ? new(open, Closed, Folded, Claims) : Normal(open, dot.Epoch);
    }

    /// <summary>With all events of an epoch up to a number.</summary>
    public CausalContext WithAll(EpochId epoch, ulong last) => last == 0
        ? this : Normal(Open.SetItem(epoch, SeenIn(Open, epoch).Union(SequenceSet.Of(1, last))), epoch);

    /// <summary>With some events of an epoch.</summary>
    public CausalContext WithSeen(EpochId epoch, SequenceSet seen) => seen.IsEmpty
        ? this : Normal(Open.SetItem(epoch, SeenIn(Open, epoch).Union(seen)), epoch);

    /// <summary>With one path of an event that is not covered.</summary>
    public CausalContext WithClaim(RowClaim claim) =>
        Covers(claim.Dot) ? this : new(Open, Closed, Folded, Claims.Add(claim));

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

        return new CausalContext(open, Closed.SetItem(epoch, last), folded, Claims).Normal(open, epoch);
    }

    /// <summary>What both have seen.</summary>
    public CausalContext Union(CausalContext other)
    {
        if (ReferenceEquals(this, other) || ReferenceEquals(other, Empty))
        {
            return this;
        }

        var union = this;
        foreach (var (epoch, last) in other.Folded)
        {
            union = union.WithAll(epoch, last).WithClosed(epoch, last);
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

        var claims = Claims.IsEmpty ? Claims : Claims.Except(
            Claims.Where(claim => claim.Dot.Epoch == changed
                && (seen.Contains(claim.Dot.Sequence) || claim.Dot.Sequence <= folded.GetValueOrDefault(changed))));
        return new(open, closed, folded, claims);
    }
}
