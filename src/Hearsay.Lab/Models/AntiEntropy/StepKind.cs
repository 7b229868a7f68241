namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>What happens in one step of a schedule.</summary>
internal enum StepKind
{
    /// <summary>A node writes a register; that of key 0 expires.</summary>
    Write,

    /// <summary>A node removes a key.</summary>
    Remove,

    /// <summary>A node adds one to a counter.</summary>
    Increment,

    /// <summary>A node writes one key and the next as one batch.</summary>
    Batch,

    /// <summary>A node writes one key and removes the next as one batch.</summary>
    MixedBatch,

    /// <summary>An event reaches a node, in any order. One that never does is lost.</summary>
    Deliver,

    /// <summary>Two nodes exchange what differs.</summary>
    Exchange,

    /// <summary>An exchange of which only one side gets to its end.</summary>
    Pull,

    /// <summary>An exchange begins; other steps may come before it ends.</summary>
    Begin,

    /// <summary>An exchange that began ends.</summary>
    Finish,

    /// <summary>An exchange begins and is cut.</summary>
    Cut,

    /// <summary>What is not durable is lost, and the store is opened again.</summary>
    Crash,

    /// <summary>The store is an older one: index 0 the last but one, 1 an empty one.</summary>
    Rollback,

    /// <summary>A node's store is replaced by a copy of another's, and both run.</summary>
    Clone,

    /// <summary>A row changes or vanishes on the disk.</summary>
    Damage,

    /// <summary>A node closes its old epochs.</summary>
    Close,

    /// <summary>A node removes what has expired.</summary>
    Expire,

    /// <summary>A node is cut off; what it would send or hear does not happen.</summary>
    Isolate,

    /// <summary>A node that was cut off is back.</summary>
    Rejoin,

    /// <summary>
    /// Two nodes tell each other their contexts and give what the other lacks; if their contexts are then equal and
    /// their rows are not, they exchange at once.
    /// </summary>
    Differ,
}
