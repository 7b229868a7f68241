namespace Hearsay;

/// <summary>Which way rumors travel.</summary>
public enum RumorMode
{
    /// <summary>Who finds a rumor hot tells a random peer once a cycle. Quiet when nothing is hot; leaves
    /// e^(-messages per node) of the nodes out.</summary>
    Push,

    /// <summary>Everybody asks a random peer once a cycle. Reaches more nodes for the same traffic while rumors are
    /// many, and costs a request per node and cycle for ever.</summary>
    Pull,

    /// <summary>Who finds something hot tells it and asks for more, all others ask: fastest.</summary>
    PushPull,

    /// <summary>
    /// Push until nearly n / ln n nodes know, then those that miss it ask: about one payload per node, everybody
    /// reached. For few rumors at a time; a request per node and cycle.
    /// </summary>
    PushThenPull,

    /// <summary>
    /// Both ways, and each node ends by comparing its counter with those it meets: everybody reached without knowing
    /// how many nodes there are, for O(ln ln n) messages a node.
    /// </summary>
    MedianCounter,
}
