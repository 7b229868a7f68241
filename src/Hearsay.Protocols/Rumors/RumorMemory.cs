namespace Hearsay.Protocols.Rumors;

/// <summary>
/// All rumors a node knows, in the order in which it learned them: a ring in which the oldest makes place for the
/// newest. Those whose text is kept are listed apart.
/// </summary>
/// <remarks>
/// Bounded by the number of rumors and by time. Places are made in blocks as they are first needed; from then on
/// nothing is allocated. Keys come from the network, so the table hashes them with a secret of the node's own.
/// </remarks>
internal sealed class RumorMemory
{
    private const int BlockSize = 256;

    private readonly KnownRumor[][] _blocks;
    private readonly Dictionary<ulong, int> _places;
    private readonly int _capacity;
    private readonly int[] _live;
    private int _oldest;

    public RumorMemory(int capacity, int liveCapacity, ulong secret)
    {
        _capacity = capacity;
        _blocks = new KnownRumor[(capacity + BlockSize - 1) / BlockSize][];
        _places = new Dictionary<ulong, int>(new SecretHash(secret));
        _live = new int[liveCapacity];
    }

    /// <summary>Rumors known.</summary>
    public int Count { get; private set; }

    /// <summary>Rumors whose text is kept, in the order in which they came.</summary>
    public ReadOnlySpan<int> Live => _live.AsSpan(0, LiveCount);

    public int LiveCount { get; private set; }

    public bool IsLiveFull => LiveCount == _live.Length;

    /// <summary>The rumor in a place.</summary>
    public ref KnownRumor this[int place] => ref _blocks[place / BlockSize][place % BlockSize];

    /// <summary>The rumor learned last, the one before it, and so on.</summary>
    /// <param name="back">From 0 to <see cref="Count"/> - 1.</param>
    public ref KnownRumor Newest(int back) => ref this[(_oldest + Count - 1 - back) % _capacity];

    public bool TryFind(ulong key, out int place) => _places.TryGetValue(key, out place);

    /// <summary>Adds a rumor that is not known and whose text is to be kept; there must be room for that.</summary>
    /// <returns>Its place; and whether an older one had to be forgotten before its time.</returns>
    public (int Place, bool Forgot) Add(in RumorId id, ulong key, byte[] text, RumorState state, Instant now)
    {
        var forgot = Count == _capacity;
        if (forgot)
        {
            Forget();
        }

        var place = (_oldest + Count) % _capacity;
        _blocks[place / BlockSize] ??= new KnownRumor[BlockSize];
        this[place] = new KnownRumor { Id = id, Key = key, Text = text, State = state, Since = now };
        _places.Add(this[place].Key, place);
        _live[LiveCount++] = place;
        Count++;
        return (place, forgot);
    }

    /// <summary>Forgets what was learned before a moment.</summary>
    public void ForgetBefore(Instant moment)
    {
        while (Count > 0 && this[_oldest].Since < moment)
        {
            Forget();
        }
    }

    /// <summary>Drops the texts that nobody needs any more.</summary>
    public void DropTexts(RumorOptions options)
    {
        var kept = 0;
        foreach (var place in Live)
        {
            ref var rumor = ref this[place];
            if (RumorKernel.Keeps(options, rumor.State))
            {
                _live[kept++] = place;
            }
            else
            {
                rumor.Text = null;
            }
        }

        LiveCount = kept;
    }

    private void Forget()
    {
        ref var rumor = ref this[_oldest];
        if (rumor.Text is not null)
        {
            var index = Live.IndexOf(_oldest);
            _live.AsSpan(index + 1, LiveCount - index - 1).CopyTo(_live.AsSpan(index));
            LiveCount--;
        }

        _places.Remove(rumor.Key);
        rumor = default;
        Count--;

        // An empty ring begins again at its first block, so that few rumors do not have all blocks made over time.
        _oldest = Count == 0 ? 0 : (_oldest + 1) % _capacity;
    }

    /// <summary>Who does not know the secret cannot choose keys that collide.</summary>
    private sealed class SecretHash(ulong secret) : IEqualityComparer<ulong>
    {
        public bool Equals(ulong x, ulong y) => x == y;

        public int GetHashCode(ulong key) => (int)SeededRandom.Mix(key ^ secret);
    }
}
