namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>How the one that asks finds out what it lacks. The numbers are those on the wire.</summary>
internal enum PullMode : byte
{
    /// <summary>It tells its context, and gets what that does not cover.</summary>
    Context = 1,

    /// <summary>It gets cells of the sketch, and then the rows whose symbols it lacks.</summary>
    Sketch = 2,

    /// <summary>It gets the symbols of all rows, and then the rows whose symbols it lacks.</summary>
    Digests = 3,

    /// <summary>It gets all rows.</summary>
    Snapshot = 4,

    /// <summary>As <see cref="Context"/>, with short names of epochs, and only what is different in the answer.
    /// </summary>
    Brief = 5,
}
