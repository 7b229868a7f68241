using System.Runtime.InteropServices;
using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>The paths at which an event has rows: one, as a rule.</summary>
/// <param name="first">The first of them.</param>
/// <param name="more">All, if they are several.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly struct DotPaths(RowPath first, List<RowPath>? more)
{
    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => first.Bytes.IsEmpty;

    /// <summary>All of them.</summary>
    public IReadOnlyList<RowPath> All => IsEmpty ? [] : more is null ? [first] : more;

    /// <summary>With one more; the value before must not be used any more.</summary>
    public DotPaths With(RowPath path)
    {
        if (IsEmpty)
        {
            return new(path, null);
        }

        var all = more ?? [first];
        all.Add(path);
        return new(first, all);
    }

    /// <summary>Without one; the value before must not be used any more.</summary>
    public DotPaths Without(RowPath path)
    {
        if (more is null)
        {
            return first.Equals(path) ? default : this;
        }

        more.Remove(path);
        return more.Count switch
        {
            0 => default,
            1 => new(more[0], null),
            _ => new(more[0], more),
        };
    }
}
