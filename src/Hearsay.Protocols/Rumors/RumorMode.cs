namespace Hearsay;

/// <summary>The direction in which rumors travel.</summary>
public enum RumorMode
{
    /// <summary>
    /// A node with a hot rumor sends it to a random peer once per cycle. There is no traffic when nothing is hot. The
    /// rumor misses a share of e^(-messages per node) of the nodes.
    /// </summary>
    Push,

    /// <summary>
    /// Every node asks a random peer once per cycle. With many rumors, this reaches more nodes for the same traffic. It
    /// costs one request per node and cycle, always.
    /// </summary>
    Pull,

    /// <summary>
    /// A node with a hot rumor sends it and asks for others; every other node asks. This is the fastest mode.
    /// </summary>
    PushPull,

    /// <summary>
    /// Push until nearly n / ln n nodes know the rumor; then the nodes that miss it ask. It takes about one payload per
    /// node, and reaches every node. It is for few rumors at a time, and costs one request per node and cycle.
    /// </summary>
    PushThenPull,

    /// <summary>
    /// Both directions. Each node decides when to end by comparing its counter with those of the nodes that it meets.
    /// This reaches every node without knowing their number, with O(ln ln n) messages per node.
    /// </summary>
    MedianCounter,
}
