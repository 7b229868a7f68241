using Hearsay.Protocols;

namespace Hearsay.Simulation.Checks;

/// <summary>Entries of a view or a message, as a list that is filled again and again.</summary>
internal sealed class SeenView
{
    private SeenEntry[] _entries = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The entries.</summary>
    public Span<SeenEntry> Entries => _entries.AsSpan(0, Count);

    /// <summary>Empties it.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends an entry.</summary>
    public void Add(in SeenEntry entry)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(16, 2 * Count));
        }

        _entries[Count++] = entry;
    }

    /// <summary>Where a peer stands, or -1.</summary>
    public int IndexOf(NodeId id)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_entries[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether a peer is in it.</summary>
    public bool Contains(NodeId id) => IndexOf(id) >= 0;

    /// <summary>Takes over what a node's view holds now.</summary>
    public void Read(NodeCore core)
    {
        Clear();
        var table = core.State.Table;
        var handles = core.Sampling.Handles;
        var ages = core.Sampling.Ages;
        for (var i = 0; i < handles.Length; i++)
        {
            ref readonly var info = ref table[handles[i]];
            Add(new SeenEntry(info.Id, ages[i], info.Incarnation, info.Addresses.Primary));
        }
    }

    /// <summary>Takes over what another one holds.</summary>
    public void CopyFrom(SeenView other)
    {
        Clear();
        foreach (ref readonly var entry in other.Entries)
        {
            Add(entry);
        }
    }
}
