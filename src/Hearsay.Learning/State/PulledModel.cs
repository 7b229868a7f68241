namespace Hearsay.Learning.State;

/// <summary>A model that this node asked a peer for in the present cycle.</summary>
internal sealed class PulledModel(int count)
{
    /// <summary>Its parameters.</summary>
    public float[] Parameters { get; } = new float[count];

    /// <summary>Its age, as the peer claims.</summary>
    public long Age { get; set; }

    /// <summary>How far it is from the own model.</summary>
    public float Distance { get; set; }

    /// <summary>Its share of the average.</summary>
    public float Share { get; set; }
}
