using System.Buffers;

namespace Hearsay.Protocols.AntiEntropy.Dots;

/// <summary>Bytes of something whose length is not known before.</summary>
internal static class WireEncodings
{
    private const int FirstBytes = 4_096;

    /// <summary>The bytes that an encoding writes.</summary>
    public static byte[] ToBytes(WireEncoding encoding)
    {
        for (var size = FirstBytes; ; size *= 4)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                var writer = new WireWriter(buffer);
                encoding(ref writer);
                if (!writer.Failed)
                {
                    return writer.Written.ToArray();
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
