namespace Hearsay.Simulation;

/// <summary>A partition: which packets do not pass, by sender and receiver.</summary>
/// <param name="kind">The direction in which it cuts.</param>
/// <param name="side">The nodes of one side, by index; all others are on the other.</param>
public sealed class Partition(PartitionKind kind, IEnumerable<int> side)
{
    private readonly HashSet<int> _side = [.. side];
    private readonly int _bridge = side.FirstOrDefault(-1);

    /// <summary>Whether packets from one node to another are stopped.</summary>
    public bool Blocks(int from, int to)
    {
        var (left, right) = (_side.Contains(from), _side.Contains(to));
        return left != right && kind switch
        {
            PartitionKind.OneWay => left,
            PartitionKind.Bridged => from != _bridge && to != _bridge,
            _ => true,
        };
    }
}
