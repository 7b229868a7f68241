namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>
/// Some nodes and what happens to them, step by step. Beside every node runs an ideal one that never forgets a removal;
/// after every step the two must show the same, and when all have exchanged with all, everybody must show what the
/// ideal nodes together do.
/// </summary>
internal sealed partial class ScheduleWorld
{
    /// <summary>The most keys.</summary>
    public const int MostKeys = 4;

    /// <summary>The most nodes.</summary>
    public const int MostReplicas = 5;

    private const int Bits = 128;

    private readonly ScheduleOptions _options;
    private readonly int _itemsOfNode;
    private readonly ModelNode[] _nodes;
    private readonly List<ModelMessage> _messages = [];
    private readonly UInt128[] _itemsOfKey = new UInt128[MostKeys];
    private readonly Dictionary<(int Key, object Epoch), UInt128> _shares = [];
    private UInt128 _expiring;
    private bool _differed;

    /// <summary>A world in which nothing has happened.</summary>
    public ScheduleWorld(ScheduleOptions options)
    {
        (_options, _itemsOfNode) = (options, ItemsOfNode(options));
        var items = new Dictionary<UInt128, int>();
        _nodes = new ModelNode[options.Replicas];
        for (var i = 0; i < _nodes.Length; i++)
        {
            var epochs = new ModelEpochs(i, options.Store == StoreKind.ReusedEpoch);
            _nodes[i] = new ModelNode(options.Store switch
            {
                StoreKind.Grace => new GraceReplica(i),
                StoreKind.EarlyContext => new EarlyContextReplica(i, items, epochs),
                StoreKind.DamagedRow => new DamagedRowReplica(i, items, epochs),
                StoreKind.BareRemoval => new BareRemovalReplica(i, items, epochs),
                _ => new DotsReplica(i, items, epochs),
            });
        }
    }

    /// <summary>Events of others that were applied.</summary>
    public int Applied { get; private set; }

    /// <summary>Exchanges that had an effect.</summary>
    public int Exchanges { get; private set; }

    /// <summary>Times that two nodes gave each other what their contexts lacked.</summary>
    public int Differences { get; private set; }

    /// <summary>How many items are numbered by each node.</summary>
    public static int ItemsOfNode(ScheduleOptions options) => Bits / options.Replicas;

    /// <summary>
    /// Lets everybody exchange with everybody until nothing changes, and judges. The world is used up by it.
    /// </summary>
    public ScheduleVerdict Judge()
    {
        var expected = default(Truth);
        for (var round = 0; round < MostRounds; round++)
        {
            foreach (var node in _nodes)
            {
                node.IsIsolated = false;
                node.Replica.Scrub();
                node.NoteDistrust();
            }

            var changed = false;
            for (var i = 0; i < _nodes.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    changed |= Meet(i, j, both: true);
                }
            }

            if (!changed && Array.TrueForAll(_nodes, node => node.Replica.IsTrusted))
            {
                break;
            }

            if (!changed)
            {
                foreach (var node in _nodes)
                {
                    node.Replica.TrustWhatIsHere();
                }
            }
        }

        foreach (var node in _nodes)
        {
            expected = expected.With(node.Truth with { Damaged = 0 });
        }

        UInt128 shown = 0, common = UInt128.MaxValue;
        var isDivergent = _differed;
        foreach (var node in _nodes)
        {
            shown |= node.Replica.Shown;
            common &= node.Replica.Shown;
            isDivergent |= !node.Replica.IsEqualTo(_nodes[0].Replica);
        }

        return _options.Store == StoreKind.Grace
            ? new(shown & expected.Dead, LostKeys(expected.Alive, shown), isDivergent)
            : new(shown & ~expected.Alive, expected.Alive & ~common, isDivergent);
    }

    /// <summary>With one value a key, that of a concurrent write may go; but not the key.</summary>
    private UInt128 LostKeys(UInt128 alive, UInt128 shown)
    {
        UInt128 lost = 0;
        foreach (var items in _itemsOfKey)
        {
            lost |= (shown & items) == 0 ? alive & items : 0;
        }

        return lost;
    }

    private void Compare()
    {
        for (var i = 0; i < _nodes.Length; i++)
        {
            _nodes[i].NoteDistrust();
            _differed |= Differs(i);
        }
    }

    private bool Differs(int i) =>
        _options.Store != StoreKind.Grace && _nodes[i].Replica.Shown != _nodes[i].Truth.Shown;

    private const int MostRounds = 12;
}
