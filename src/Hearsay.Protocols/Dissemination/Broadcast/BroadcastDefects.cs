namespace Hearsay.Protocols;

/// <summary>Broken variants of the protocol, for tests that show that the suite finds them.</summary>
[Flags]
internal enum BroadcastDefects
{
    None = 0,

    /// <summary>A missing message is remembered, but no timer runs for it.</summary>
    LostGraftTimer = 1,

    /// <summary>The parent is pruned when its copy comes second.</summary>
    PrunesLastParent = 2,

    /// <summary>Names are forgotten with the payload of their message.</summary>
    ForgetsNamesEarly = 4,

    /// <summary>A request for a message that is gone is not answered.</summary>
    SilentWhenGone = 8,

    /// <summary>A graft for a source not known here makes room for it.</summary>
    HonoursStaleGrafts = 16,

    /// <summary>The sequence window is not consulted.</summary>
    NoReplayWindow = 32,

    /// <summary>A message is sent back to whom it came from.</summary>
    EchoesToSender = 64,

    /// <summary>Only the first announcer of a message is remembered.</summary>
    OneAnnouncer = 128,

    /// <summary>The slot of a neighbour that is gone keeps its place in the trees.</summary>
    KeepsDeadLinks = 512,

    /// <summary>A prune is ignored.</summary>
    IgnoresPrune = 1024,

    /// <summary>The age is not counted on the way.</summary>
    NoAge = 2048,

    /// <summary>A chunk is taken without looking at its hash.</summary>
    BelievesChunks = 4096,

    /// <summary>Large messages that make no progress are kept.</summary>
    KeepsStalledLarge = 8192,

    /// <summary>Announcements are queued and never sent.</summary>
    NoAnnouncements = 16_384,

    /// <summary>A node takes frames of anybody.</summary>
    TrustsStrangers = 32_768,

    /// <summary>Chunks never follow their manifest.</summary>
    FeedsNobody = 65_536,

    /// <summary>What goes to a neighbour unasked has no bound.</summary>
    FeedsWithoutLimit = 131_072,

    /// <summary>Who has a large message from elsewhere is fed all the same.</summary>
    FeedsForEver = 262_144,

    /// <summary>A chunk that comes before its manifest is forgotten.</summary>
    IgnoresEarlyChunks = 524_288,

    /// <summary>What is being received keeps its room however long nothing of it comes.</summary>
    SilentKeepRoom = 1_048_576,

    /// <summary>What is being received keeps its room as long as anything of it comes.</summary>
    DripsKeepRoom = 2_097_152,

    /// <summary>Whatever is being received gives way.</summary>
    AnyGivesWay = 4_194_304,

    /// <summary>A message that had to be asked for goes on to the children unasked.</summary>
    PushesWhatWasPulled = 8_388_608,

    /// <summary>What is on its way is asked of whoever else offers it.</summary>
    AsksEverybody = 16_777_216,

    /// <summary>Who offers something all the time is asked all the time.</summary>
    AsksWhoOffersMost = 33_554_432,

    /// <summary>A large message that there was no room for is not tried again.</summary>
    NeverTriesAgain = 67_108_864,

    /// <summary>A large message takes its whole length of the room from its manifest on.</summary>
    ManifestsTakeRoom = 134_217_728,

    /// <summary>A manifest of which nothing came keeps its place.</summary>
    ManifestsKeepPlaces = 268_435_456,

    /// <summary>The younger of those being received do not give way to the older.</summary>
    YoungKeepRoom = 536_870_912,

    /// <summary>Chunks are asked for though there is no room for them.</summary>
    AsksWithoutRoom = 1_073_741_824,

    /// <summary>The oldest tracked message is followed no more, whoever brings too many.</summary>
    SharesReach = int.MinValue,
}
