using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Security;

/// <summary>
/// The <see cref="ReplayWindow"/> pairs of a table of senders: one for datagrams and a shorter one for streams, which
/// keep their order. The table holds the highest numbers, beside what else it knows of a sender.
/// </summary>
internal sealed class ReplayWindows
{
    private const int DatagramWords = 32;
    private const int StreamWords = 4;
    private const int Words = DatagramWords + StreamWords;

    private ulong[] _words = [];

    /// <summary>The bytes of the array.</summary>
    public long StateBytes => ArrayMemory.SizeBytes(_words);

    /// <summary>Makes room for more places.</summary>
    public void Grow(int places) => Array.Resize(ref _words, places * Words);

    /// <summary>Begins both windows of a place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="isSeen">Whether everything up to the highest numbers counts as seen.</param>
    public void Open(int place, bool isSeen) => ReplayWindow.Open(_words.AsSpan(place * Words, Words), isSeen);

    /// <summary>Whether a number may be new.</summary>
    public bool IsNew(int place, uint number, uint highestDatagram, uint highestStream)
    {
        var isStream = IsStream(number);
        return ReplayWindow.IsNew(
            WindowOf(place, isStream), isStream ? highestStream : highestDatagram, number & ~RecordFormat.StreamBit);
    }

    /// <summary>Marks a number that was new, and raises the highest of its kind.</summary>
    public void Mark(int place, uint number, ref uint highestDatagram, ref uint highestStream)
    {
        var isStream = IsStream(number);
        ReplayWindow.Mark(
            WindowOf(place, isStream), ref isStream ? ref highestStream : ref highestDatagram,
            number & ~RecordFormat.StreamBit);
    }

    private static bool IsStream(uint number) => (number & RecordFormat.StreamBit) != 0;

    private Span<ulong> WindowOf(int place, bool isStream) => isStream
        ? _words.AsSpan((place * Words) + DatagramWords, StreamWords)
        : _words.AsSpan(place * Words, DatagramWords);
}
