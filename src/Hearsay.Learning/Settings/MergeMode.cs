namespace Hearsay.Learning;

/// <summary>What a node does with a model that it receives.</summary>
public enum MergeMode
{
    /// <summary>
    /// Average weighted by the ages of the models, then update. Models that have learned more count more. The default.
    /// Source: Hegedűs, Danner, Jelasity, "Decentralized learning works", JPDC 148, 2021.
    /// </summary>
    AgeWeighted,

    /// <summary>Plain average, then update. The age is the larger one.</summary>
    Plain,

    /// <summary>
    /// If the ages differ by more than <see cref="LearningOptions.LimitedAge"/>, keep the older model whole; else
    /// average weighted by age. Then update. For nodes that are away most of the time. Source: Danner, 2023.
    /// </summary>
    Limited,

    /// <summary>Replace the node's own model by the received one, then update. Models walk through the network without
    /// merging.</summary>
    RandomWalk,

    /// <summary>
    /// Average the received model with the one received before it, then update. Source: Ormándi, Hegedűs, Jelasity,
    /// 2013 (MU). The usual choice for one record per node.
    /// </summary>
    MergeUpdate,

    /// <summary>Update the received model and the one received before it, then average them (UM).</summary>
    UpdateMerge,

    /// <summary>
    /// Once a cycle, average the node's own model with all models that came, with equal weights. Then update and send
    /// to several peers. Source: de Vos et al., "Epidemic learning", NeurIPS 2023 (EL-Local).
    /// </summary>
    EqualAverage,
}
