"""rknn_batch_size: several pictures a run, with the results of single ones."""
import numpy as np
from common import dataset, done, expect, loaded, model, pictures, read_rgb

paths = pictures(8)
single = loaded(model("classifier"))
done(single.build(do_quantization=True, dataset=dataset(paths)), "build")
done(single.init_runtime(), "init_runtime")
batched = loaded(model("classifier"))
done(batched.build(do_quantization=True, dataset=dataset(paths), rknn_batch_size=3), "build")
done(batched.export_rknn("batched.rknn"), "export_rknn")
done(batched.init_runtime(), "init_runtime")
batch = np.stack([read_rgb(path) for path in paths[:3]])
outputs = batched.inference(inputs=[batch])[0]
expect(outputs.shape == (3, 10), f"three rows of scores: {outputs.shape}")
for row, picture in zip(outputs, batch):
    alone = single.inference(inputs=[picture])[0]
    expect(row.tobytes() == alone.tobytes(), "a picture of the batch gives the bytes that it gives alone")
