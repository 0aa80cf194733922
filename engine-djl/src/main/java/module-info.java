/**
 * Runs graphs on DJL's engines and reads the engines' own files.
 *
 * <p>An engine whose DJL module is absent is listed as not installed.
 */
@org.jspecify.annotations.NullMarked
module io.vitrail.engine.djl {
    requires transitive io.vitrail.api;
    requires static ai.djl.pytorch_engine;
    requires static org.jspecify;

    exports io.vitrail.engine.djl;

    provides io.vitrail.api.Engine with
            io.vitrail.engine.djl.torch.PyTorchEngine;
    provides io.vitrail.api.BlockFormat with
            io.vitrail.engine.djl.block.DjlBlocks;
    provides io.vitrail.api.ModelFormat with
            io.vitrail.engine.djl.torchscript.TorchScriptFormat;
}
