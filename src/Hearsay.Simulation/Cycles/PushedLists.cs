namespace Hearsay.Simulation;

/// <summary>
/// What each node last pushed. Where only one side sends, the other one never prepares: "what was just sent" of a node
/// that is contacted is what it last pushed itself.
/// </summary>
internal sealed class PushedLists(int longest)
{
    private uint[] _handles = [];
    private int[] _counts = [];

    public ReadOnlySpan<uint> Of(int node) =>
        node < _counts.Length ? _handles.AsSpan(node * longest, _counts[node]) : default;

    public void Keep(int node, ReadOnlySpan<uint> sent)
    {
        if (node >= _counts.Length)
        {
            var nodes = Math.Max(node + 1, 2 * _counts.Length);
            Array.Resize(ref _handles, nodes * longest);
            Array.Resize(ref _counts, nodes);
        }

        sent.CopyTo(_handles.AsSpan(node * longest, longest));
        _counts[node] = sent.Length;
    }
}
