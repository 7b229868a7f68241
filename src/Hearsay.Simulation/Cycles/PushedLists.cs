using Hearsay.Protocols;

namespace Hearsay.Simulation.Cycles;

/// <summary>
/// What each node last pushed. Where only one side sends, the other one never prepares: "what was just sent" of a node
/// that is contacted is what it last pushed itself.
/// </summary>
internal sealed class PushedLists(int longest)
{
    private uint[] _handles = [];
    private byte[] _counts = [];

    /// <summary>Bytes that a node takes.</summary>
    public int BytesPerNode => (longest * sizeof(uint)) + sizeof(byte);

    /// <summary>Lists for a protocol that needs them: none if both sides send.</summary>
    public static PushedLists? For(in ExchangeRules rules) =>
        rules.Pulls ? null : new PushedLists(rules.MaximumBuffer - 1);

    public ReadOnlySpan<uint> Of(int node) =>
        node < _counts.Length ? _handles.AsSpan(node * longest, _counts[node]) : default;

    public void Keep(int node, ReadOnlySpan<uint> sent)
    {
        if (node >= _counts.Length)
        {
            Reserve(Math.Max(node + 1, 2 * _counts.Length));
        }

        sent.CopyTo(_handles.AsSpan(node * longest, longest));
        _counts[node] = (byte)sent.Length;
    }

    /// <summary>Makes room; from then on these nodes may be written to from different threads.</summary>
    public void Reserve(int nodes)
    {
        if (nodes > _counts.Length)
        {
            Array.Resize(ref _handles, checked(nodes * longest));
            Array.Resize(ref _counts, nodes);
        }
    }
}
