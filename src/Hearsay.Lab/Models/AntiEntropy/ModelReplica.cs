namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>One node of a schedule, whatever keeps its map.</summary>
internal abstract class ModelReplica
{
    /// <summary>The items that it shows.</summary>
    public abstract UInt128 Shown { get; }

    /// <summary>How often it noticed damage.</summary>
    public virtual long Distrusted => 0;

    /// <summary>Whether it concludes anything from what it does not have.</summary>
    public virtual bool IsTrusted => true;

    /// <summary>Something of it is not durable.</summary>
    public abstract bool IsDirty { get; }

    /// <summary>Whether a crash would change it.</summary>
    public virtual bool WouldCrashMatter => IsDirty;

    /// <summary>Does a write of its own; null if there was nothing to do.</summary>
    public abstract ModelWrite? Write(StepKind kind, int key, int firstItem);

    /// <summary>Makes everything durable.</summary>
    /// <returns>The messages that leave, by the tokens of their writes.</returns>
    public abstract IReadOnlyList<object> Sync();

    /// <summary>A message of another node comes.</summary>
    /// <returns>Whether it was applied.</returns>
    public abstract bool Apply(object message);

    /// <summary>Begins an exchange that will bring what another has; null if that fails at once.</summary>
    public abstract object? Begin(ModelReplica from);

    /// <summary>Two replicas give each other what their contexts lack; null if that way is closed.</summary>
    /// <returns>Whether their contexts are equal now and their rows are not.</returns>
    public virtual bool? Differ(ModelReplica other) => null;

    /// <summary>Ends an exchange.</summary>
    /// <returns>Whether it had an effect.</returns>
    public abstract bool Finish(object exchange);

    /// <summary>An exchange does not get to its end.</summary>
    public abstract void Cut(object exchange);

    /// <summary>Stops without a warning and opens what is durable.</summary>
    public abstract void Crash();

    /// <summary>What is durable now, to come back to.</summary>
    public abstract object Backup();

    /// <summary>Adds a backup to a hash.</summary>
    public abstract void AddTo(ref StateHash hash, object? backup);

    /// <summary>Opens another disk.</summary>
    public abstract void Restore(object? backup);

    /// <summary>Takes over another's disk and name.</summary>
    public abstract void Clone(ModelReplica other);

    /// <summary>The items whose rows could be damaged.</summary>
    public virtual IEnumerable<int> OnDisk => [];

    /// <summary>Damages the row of an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="vanishes">Whether the row is gone; else it has another value.</param>
    /// <returns>False if no such row is on the disk.</returns>
    public virtual bool Damage(int item, bool vanishes) => false;

    /// <summary>Reads everything.</summary>
    public abstract void Scrub();

    /// <summary>Nobody is trusted: what is here is all there is.</summary>
    public abstract void TrustWhatIsHere();

    /// <summary>Whether another has the same, by all that can be compared.</summary>
    public abstract bool IsEqualTo(ModelReplica other);

    /// <summary>Adds what it shows and claims now to a hash.</summary>
    public abstract void AddPresentTo(ref StateHash hash);

    /// <summary>Adds what else decides what becomes of that when others meet it.</summary>
    public virtual void AddHiddenTo(ref StateHash hash)
    {
    }

    /// <summary>Adds what decides what its next write is like, and whether something is not durable.</summary>
    public abstract void AddOwnTo(ref StateHash hash);

    /// <summary>Adds what is durable.</summary>
    public abstract void AddKeptTo(ref StateHash hash);

    /// <summary>Adds the content of a message to a hash.</summary>
    public abstract void AddMessageTo(ref StateHash hash, object message);

    /// <summary>Adds an exchange that has begun to a hash.</summary>
    public abstract void AddExchangeTo(ref StateHash hash, object exchange);
}
